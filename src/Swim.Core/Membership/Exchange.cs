using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Push-pull: two nodes compare fingerprints and, where they differ, exchange what the other lacks. It brings what rumours missed, and it
/// is how a node joins. The caller's first message holds only its own record and the sums of its groups; the answer brings the records of those groups
/// that differ; a second round brings back what the answerer lacked of them.
/// </summary>
internal sealed class Exchange(Roster roster, MembershipSetup setup, SwimOptions options, Prng prng)
{
    private readonly PushPullCodec _codec = new(setup.ClusterId, options.MembersMax);
    private readonly PullBook _pulls = new(options.PushPullTimeout);
    private readonly List<RecordView> _records = [];
    private readonly ulong _instance = prng.NextUInt64();

    /// <summary>True once another member answered.</summary>
    public bool HasJoined { get; private set; }

    /// <summary>Calls a member or seed, unless a call to that address is under way.</summary>
    public void Begin(string address, Now now, Outbox outbox)
    {
        if (_pulls.TryBegin(address, now)) Call(address, 1, [], TableGroups.SumsOf(roster.Table), outbox);
    }

    /// <summary>Takes in the caller's records and answers; a body that cannot be used is refused and changes nothing.</summary>
    public void OnRequest(ReadOnlyMemory<byte> body, long requestId, Now now, Outbox outbox)
    {
        var unreadable = _codec.Decode(body, out var head, _records);
        if (unreadable is null && !TableGroups.AreSums(head.Groups.Length)) unreadable = RejectReason.Malformed;
        if (unreadable is { } reason)
        {
            roster.Reject(reason, outbox);
            outbox.Add(new RefusePushPull(requestId, reason));
            return;
        }

        if (head.From == roster.Own.Record.Id) OnOwnId(head, now, outbox);
        Learn(now, outbox);
        var differs = head.Round == 1 && head.Fingerprint != roster.Table.Fingerprint;
        var groups = differs && !head.Groups.IsEmpty ? TableGroups.Differing(roster.Table, head.Groups.Span) : [];
        outbox.Add(new AnswerPushPull(requestId, Encode(head.Round, differs ? Others(groups) : [], groups)));
    }

    /// <summary>Takes in the answer of <paramref name="address"/>. Gives its fingerprint of the members when it came from another member.</summary>
    public ulong? OnReply(ReadOnlyMemory<byte> body, string address, Now now, Outbox outbox)
    {
        if (!_pulls.TryEnd(address, now)) roster.Reject(RejectReason.Unmatched, outbox);
        else if (_codec.Decode(body, out var head, _records) is { } reason) roster.Reject(reason, outbox);
        else if (!TableGroups.AreBits(head.Groups.Length)) roster.Reject(RejectReason.Malformed, outbox);
        else if (head.From == roster.Own.Record.Id) OnOwnId(head, now, outbox);
        else
        {
            TakeAnswer(head, now, outbox);
            HasJoined = true;
            roster.Traffic.OnAnything(now);
            return head.Fingerprint;
        }

        return null;
    }

    /// <summary>The call to <paramref name="address"/> failed.</summary>
    public void OnFailed(string address, Now now) => _pulls.TryEnd(address, now);

    private void TakeAnswer(in PushPullHead head, Now now, Outbox outbox)
    {
        Learn(now, outbox);
        if (head.Round != 1 || head.Fingerprint == roster.Table.Fingerprint) return;
        var (lacks, ownIsNews) = NewsToSender(head.Groups.Span);
        if (lacks.Count == 0 && !ownIsNews) return;
        // To the one that answered: the name first called may stand for others too.
        if (roster.Table.Find(head.From) is { } peer && _pulls.TryBegin(peer.Meta.GrpcAddress, now)) Call(peer.Meta.GrpcAddress, 2, lacks, [], outbox);
    }

    private void Learn(Now now, Outbox outbox)
    {
        var source = _records.Count > 2 * roster.Table.Count ? RecordSource.PushPullOfJoiner : RecordSource.PushPull;
        for (var i = 0; i < _records.Count; i++) roster.Learn(_records[i], i == 0 ? RecordSource.Subject : source, now, outbox);
    }

    // Those of our records in the groups it tells of that the sender of the records just taken in lacks, and whether it lacks the own one.
    private (List<MemberRecord> Lacks, bool OwnIsNews) NewsToSender(ReadOnlySpan<byte> groups)
    {
        var told = new Dictionary<NodeId, Standing>(_records.Count);
        foreach (var view in _records) told[view.Id] = view.Standing;
        var lacks = Others(groups).FindAll(mine => !told.TryGetValue(mine.Id, out var theirs) || theirs.IsBelow(mine.Standing));
        var own = roster.Own.Record;
        return (lacks, told.TryGetValue(own.Id, out var ownTold) && ownTold.IsBelow(own.Standing));
    }

    private List<MemberRecord> Others(ReadOnlySpan<byte> groups)
    {
        var own = roster.Own.Record.Id;
        var others = new List<MemberRecord>();
        foreach (var record in roster.Table.Snapshot().Members.Values)
        {
            if (record.Id != own && TableGroups.Has(groups, record.Id)) others.Add(record);
        }

        return others;
    }

    // A seed's name may well stand for this node too: nothing to complain of. Another process with this id is a mistake that somebody must hear of.
    private void OnOwnId(in PushPullHead head, Now now, Outbox outbox)
    {
        if (head.Instance != _instance && RecordCodec.TryDecodeMeta(_records[0].Meta, out var other))
            roster.NoteConflict(head.From, roster.Own.Record.Meta, other, now, outbox);
    }

    private void Call(string address, byte round, List<MemberRecord> others, byte[] groups, Outbox outbox) =>
        outbox.Add(new SendPushPull(address, Encode(round, others, groups)));

    private byte[] Encode(byte round, List<MemberRecord> others, byte[] groups) => _codec.Encode(
        new PushPullHead(roster.Own.Record.Id, _instance, round, roster.Table.Fingerprint) { Groups = groups }, roster.Own.Record, others);
}
