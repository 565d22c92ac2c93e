using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>The context of a bucket has many writers: some entries wait for a member that is down. Said once per bucket, and again after it had fewer.</summary>
/// <param name="Bucket">Which bucket.</param>
/// <param name="Writers">How many.</param>
public sealed record ManyWriters(int Bucket, int Writers) : Notice;

/// <summary>
/// Keeps contexts small: a node that has no entry in a context which is full begins no new one. Another owner that has one acts in its place;
/// where there is none new work is refused, and only what was accepted goes on. Parts of a cluster fill a context each on their own, so that
/// it may come to be more than full.
/// </summary>
internal sealed class WriterCap(ReplicaState state)
{
    /// <summary>Writers of a context with which it is full.</summary>
    public const int Full = 64;

    /// <summary>Writers of a context with which somebody should look.</summary>
    public const int Many = 48;

    private readonly SortedSet<int> _told = [];

    private static readonly Refused Exhausted = new(
        RefusalReason.ResourceExhausted, "TOO_MANY_WRITERS",
        $"{Full} writer ids have an entry in this part of the state already and no owner has one of them: bring back or remove the members that are down, so that old entries can go, then try again.");

    /// <summary>The most writers that any context here has.</summary>
    public int Most { get; private set; }

    /// <summary>True where this node would begin a new entry in a full context.</summary>
    public bool IsBarred(int bucket) => state.Store.Find(bucket) is { } held && IsFull(held) && !Writes(held, state.Self);

    /// <summary>What is said to who asks for new work in such a bucket: to ask an owner that writes there already, or that there is none.</summary>
    public Refused RefusalOf(int bucket) => state.Store.Find(bucket) is { } held && state.Placement.ActingOwners(bucket).Any(owner => Writes(held, owner))
        ? new Refused(RefusalReason.Unavailable, "NOT_OWNER", "Another owner of this workflow's part of the state acts for it: try again.")
        : Exhausted;

    /// <summary>Looks at all contexts. Gives the placement in which those act that write already; the same where nothing changed.</summary>
    public Placement Tend()
    {
        var most = 0;
        SortedDictionary<int, SortedSet<NodeId>>? barred = null;
        foreach (var bucket in state.Store.Buckets)
        {
            var count = bucket.Context.WriterCount;
            most = Math.Max(most, count);
            if (count >= Many && _told.Add(bucket.Number)) state.Outbox.Notify(new ManyWriters(bucket.Number, count));
            else if (count < Many) _told.Remove(bucket.Number);
            if (IsFull(bucket)) (barred ??= [])[bucket.Number] = [.. OwnersOf(bucket.Number).Where(owner => !Writes(bucket, owner))];
        }

        Most = most;
        return state.Placement.WithBarred(barred);
    }

    private NodeId[] OwnersOf(int bucket) => [.. state.Placement.ActingOwners(bucket), .. state.Placement.Map.HomeOwners(bucket)];

    private static bool IsFull(Bucket bucket) => bucket.Context.WriterCount >= Full;

    private bool Writes(Bucket bucket, NodeId node)
    {
        var writer = node == state.Self ? state.Store.Actor : state.Store.Writers.NewestOf(WriterId.FamilyOf(node));
        return writer != 0 && bucket.Context.SeenUpTo(writer) > 0;
    }
}
