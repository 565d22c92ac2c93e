using Grpc.Core;
using Swim.Core.Membership;
using Swim.Node.Hosting;
using Swim.Node.Transport.Sealing;
using Swim.V1;
using Task = System.Threading.Tasks.Task;
using MemberState = Swim.Core.Membership.MemberState;

namespace Swim.Node.Grpc;

/// <summary>Changes keys on all members: does what is asked here first, and then asks the others to.</summary>
internal sealed class KeyRounds(NodeParts parts)
{
    private const int AtOnceMax = 32;
    private const int NamedMax = 5;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private delegate AsyncUnaryCall<KeysResponse> Ask(Cluster.ClusterClient client, DateTime deadline, CancellationToken cancel);

    public Task<KeysResponse> ListKeysAsync(ListKeysRequest request, CancellationToken cancellation)
    {
        // A node without keys is asked so that it says of each member whether it is alone in that.
        var here = OwnAnswer(parts.Keys is not null);
        return request.Local ? Task.FromResult(AnswerOf([here])) : AskAllAsync(here, List, cancellation);
    }

    public Task<KeysResponse> InstallKeyAsync(InstallKeyRequest request, CancellationToken cancellation)
    {
        var keys = Keeper();
        if (keys.Ring.Find(request.SealedWith) is not { } under || KeyParcel.Unpack(request.SealedKey.Span, under) is not { } key)
            throw ApiErrors.Of(StatusCode.PermissionDenied, "KEY_NOT_SEALED", "The new key is not sealed with a key that this node has: seal it with one that every member has.");
        Do(keys, (KeyRing ring, out KeyRing changed) => ring.With(key, out changed));
        if (request.Local) return Task.FromResult(AnswerOf([OwnAnswer(true)]));
        var local = new InstallKeyRequest(request) { Local = true };
        return AskAllAsync(OwnAnswer(true), (client, deadline, cancel) => client.InstallKeyAsync(local, null, deadline, cancel), cancellation);
    }

    public async Task<KeysResponse> UseKeyAsync(UseKeyRequest request, CancellationToken cancellation)
    {
        var keys = KeeperFor(request.Fingerprint);
        // Before anything changes: who has not got it could not read the others.
        if (!request.Local && !request.Force && keys.Ring.Find(request.Fingerprint) is { } key)
        {
            var present = await AskAllAsync(OwnAnswer(true), List, cancellation).ConfigureAwait(false);
            RefuseWhere(present, member => member.State != V1.MemberState.Dead && !member.Keys.Contains(key.Fingerprint), "KEY_NOT_EVERYWHERE", "have not got this key, or did not answer: install it, or use it with force");
        }

        Do(keys, (KeyRing ring, out KeyRing changed) => ring.Using(request.Fingerprint, out changed));
        if (request.Local) return AnswerOf([OwnAnswer(true)]);
        var local = new UseKeyRequest(request) { Local = true };
        return await AskAllAsync(OwnAnswer(true), (client, deadline, cancel) => client.UseKeyAsync(local, null, deadline, cancel), cancellation).ConfigureAwait(false);
    }

    public async Task<KeysResponse> RemoveKeyAsync(RemoveKeyRequest request, CancellationToken cancellation)
    {
        var keys = KeeperFor(request.Fingerprint);
        if (!request.Local)
        {
            var present = await AskAllAsync(OwnAnswer(true), List, cancellation).ConfigureAwait(false);
            RefuseWhere(present, member => string.Equals(member.Keys.FirstOrDefault(), request.Fingerprint, StringComparison.OrdinalIgnoreCase), "KEY_IS_PRIMARY", "seal with this key: use another one first");
        }

        Do(keys, (KeyRing ring, out KeyRing changed) => ring.Without(request.Fingerprint, out changed));
        if (request.Local) return AnswerOf([OwnAnswer(true)]);
        var local = new RemoveKeyRequest(request) { Local = true };
        return await AskAllAsync(OwnAnswer(true), (client, deadline, cancel) => client.RemoveKeyAsync(local, null, deadline, cancel), cancellation).ConfigureAwait(false);
    }

    private static AsyncUnaryCall<KeysResponse> List(Cluster.ClusterClient client, DateTime deadline, CancellationToken cancel) =>
        client.ListKeysAsync(new ListKeysRequest { Local = true }, null, deadline, cancel);

    private static void Do(KeyKeeper keys, KeyKeeper.RingChange change)
    {
        switch (keys.Change(change))
        {
            case KeyChange.Full:
                throw ApiErrors.Of(StatusCode.FailedPrecondition, "KEYS_FULL", $"A node has at most {KeyRing.KeysMax} keys: remove one first.");
            case KeyChange.IdTaken:
                throw ApiErrors.Of(StatusCode.FailedPrecondition, "KEY_ID_TAKEN", "Packets would take this key for another one: make another.");
            case KeyChange.Unknown:
                throw ApiErrors.Of(StatusCode.NotFound, "KEY_UNKNOWN", "This node has no key with this fingerprint: look at the keys, and install it.");
            case KeyChange.IsPrimary:
                throw ApiErrors.Of(StatusCode.FailedPrecondition, "KEY_IS_PRIMARY", "This node seals with this key: use another one first.");
            default: break;
        }
    }

    private static void RefuseWhere(KeysResponse present, Func<MemberKeys, bool> isAgainst, string code, string what)
    {
        var against = present.Members.Where(isAgainst).Select(static member => member.Name).ToList();
        if (against.Count == 0) return;
        var more = against.Count > NamedMax ? $" and {against.Count - NamedMax} more" : "";
        throw ApiErrors.Of(StatusCode.FailedPrecondition, code, $"{string.Join(", ", against.Take(NamedMax))}{more} {what}.");
    }

    // One that was mistyped would else be gone at once, and the one that was meant stay.
    private KeyKeeper KeeperFor(string fingerprint) =>
        fingerprint.Length == SealKey.FingerprintDigits && fingerprint.All(char.IsAsciiHexDigit) ? Keeper()
            : throw ApiErrors.Invalid($"fingerprint must be {SealKey.FingerprintDigits} hexadecimal digits: look at the keys.");

    private KeyKeeper Keeper() =>
        parts.Keys ?? throw ApiErrors.Of(StatusCode.FailedPrecondition, "NO_KEYS", "This node has no keys: start it with --keys-file.");

    private async Task<KeysResponse> AskAllAsync(MemberKeys here, Ask ask, CancellationToken cancel)
    {
        var others = parts.Membership.Members.Members.Values.Where(member => member.Id != parts.Self && member.State != MemberState.Left).ToList();
        var answers = new MemberKeys[others.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancel };
        await Parallel.ForAsync(0, others.Count, limits, async (i, stop) => answers[i] = await AskAsync(others[i], ask, stop).ConfigureAwait(false)).ConfigureAwait(false);
        return AnswerOf([here, .. answers]);
    }

    private async Task<MemberKeys> AskAsync(MemberRecord member, Ask ask, CancellationToken cancel)
    {
        var row = new MemberKeys { NodeId = member.Id.ToString(), Name = member.Meta.Name, State = ProtoMapping.ToProto(member.State) };
        if (!member.IsLive) return Failed(row, "MEMBER_DEAD", "It is down, and keeps the keys of its file.");
        try
        {
            var answer = await ask(new Cluster.ClusterClient(parts.Channels.To(member.Meta.GrpcAddress)), DateTime.UtcNow + Deadline, cancel).ConfigureAwait(false);
            // Of a member only what it says of its keys is taken: who it is is known.
            if (answer.Members is not [var own]) return Failed(row, "INTERNAL", "It gave no answer that makes sense.");
            (row.Done, row.Saved, row.Code, row.Message) = (own.Done, own.Saved, own.Code, own.Message);
            row.Keys.Add(own.Keys.Take(KeyRing.KeysMax));
            return row;
        }
        catch (RpcException failure)
        {
            return Failed(row, ApiErrors.CodeOf(failure), failure.Status.Detail);
        }
    }

    private static MemberKeys Failed(MemberKeys row, string code, string message)
    {
        (row.Done, row.Code, row.Message) = (false, code, message);
        return row;
    }

    private MemberKeys OwnAnswer(bool isDone)
    {
        var row = new MemberKeys { NodeId = parts.Self.ToString(), Name = parts.Name, State = V1.MemberState.Alive, Done = isDone, Saved = parts.Keys?.IsSaved ?? false };
        row.Keys.Add(parts.Keys?.Ring.Keys.Select(static key => key.Fingerprint) ?? []);
        return isDone ? row : Failed(row, "NO_KEYS", "It has no keys: start it with --keys-file.");
    }

    private static KeysResponse AnswerOf(IEnumerable<MemberKeys> members)
    {
        var response = new KeysResponse();
        response.Members.AddRange(members.OrderBy(static member => member.NodeId, StringComparer.Ordinal));
        response.Complete = response.Members.All(static member => member.Done);
        return response;
    }
}
