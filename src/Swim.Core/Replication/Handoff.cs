using Swim.Core.Primitives;
using Swim.Core.Ring;

namespace Swim.Core.Replication;

/// <summary>
/// Gives away the buckets that this node holds and should not: as a former owner, as a stand-in whose home owners are back, or because
/// it was sent cells by a node that sees another ring. Such a bucket is dropped only when every home owner, each of which takes itself
/// for one too, has said that its disk holds all of it, with nothing changed here since. Acks of another ring do not count: two nodes
/// that take each other for the owner would both drop. A home owner that is down is waited for.
/// </summary>
internal sealed class Handoff(ReplicaState state)
{
    /// <summary>Buckets given away at once; one that only waits for members that are down does not count.</summary>
    public const int Window = Repairer.Window;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TellPeriod = TimeSpan.FromSeconds(60);
    private readonly SortedDictionary<int, Giving> _giving = [];
    private readonly SortedDictionary<NodeId, long> _toldTicks = [];

    // An answer to an offer of this node's life before is none to those of this one.
    private long _requests = (long)(state.Prng.NextUInt64() >> 34);

    /// <summary>Called with a bucket that differs at the member although both have seen the same writes.</summary>
    public required Action<NodeId, int> Unexplained { get; init; }

    /// <summary>Drops a bucket: everybody has it.</summary>
    public required Action<int> Drop { get; init; }

    /// <summary>How many buckets this node holds and should not, as of the last look.</summary>
    public int Left { get; private set; }

    /// <summary>How many buckets wait for each home owner that is down, as of the last look.</summary>
    public IReadOnlyDictionary<NodeId, int> Waiting { get; private set; } = new SortedDictionary<NodeId, int>();

    /// <summary>How many buckets were given away and dropped.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>The ring changed: whoever acked may since own nothing.</summary>
    public void OnRing() => _giving.Clear();

    /// <summary>True when this node holds nothing that it should not.</summary>
    public bool IsDone => Departing().Count == 0;

    /// <summary>How many buckets each home owner has not acked yet.</summary>
    public SortedDictionary<NodeId, int> Missing()
    {
        var missing = new SortedDictionary<NodeId, int>();
        foreach (var bucket in Departing())
        {
            foreach (var home in Unacked(bucket)) missing[home] = missing.GetValueOrDefault(home) + 1;
        }

        return missing;
    }

    /// <summary>Offers what is due, and drops what everybody has.</summary>
    public void Tend()
    {
        var departing = Departing();
        foreach (var number in _giving.Keys.Where(number => state.Placement.Holds(number) || state.Store.Find(number) is null).ToList()) _giving.Remove(number);
        var waiting = new SortedDictionary<NodeId, int>();
        var (active, dropped) = (0, 0);
        foreach (var bucket in departing)
        {
            // A record that tells of very many buckets would, where it is damaged, cast doubt on all.
            if (dropped == Window) break;
            if (TryDrop(bucket))
            {
                dropped++;
                continue;
            }

            var unacked = Unacked(bucket);
            foreach (var home in unacked.Where(state.Placement.IsDown)) waiting[home] = waiting.GetValueOrDefault(home) + 1;
            if (active >= Window || unacked.TrueForAll(state.Placement.IsDown)) continue;
            active++;
            foreach (var home in unacked.Where(home => !state.Placement.IsDown(home))) OfferIfDue(home, bucket);
        }

        (Left, Waiting) = (Departing().Count, waiting);
        Tell(waiting);
    }

    /// <summary>Another node holds a bucket that it should not, and asks what is here of it.</summary>
    public void OnOffer(NodeId from, HandoffOffer offer)
    {
        var bucket = state.Store.Find(offer.Bucket);
        var isHome = state.Placement.Map.IsHomeOwner(offer.Bucket, state.Self);
        state.Send(from, new HandoffAnswer(offer.Request, offer.Bucket, isHome, bucket?.Digest ?? 0, bucket?.Context.Clone() ?? new()));
    }

    /// <summary>A home owner said what it holds.</summary>
    public void OnAnswer(NodeId from, HandoffAnswer answer)
    {
        if (!_giving.TryGetValue(answer.Bucket, out var giving) || state.Store.Find(answer.Bucket) is not { } bucket) return;
        if (!giving.Homes.TryGetValue(from, out var home) || home.Request != answer.Request) return;
        home.Request = 0;
        if (!answer.IsHome || state.Placement.Holds(answer.Bucket)) return;
        if (!Covers(answer, bucket, home.HasGiven)) Give(from, bucket, answer, home);
        else if (answer.Digest != bucket.Digest && answer.Context.SameAs(bucket.Context)) Unexplained(from, bucket.Number);
        else home.AckedSignature = bucket.Signature();
        TryDrop(bucket);
    }

    // Not the context alone: cells that came before it is complete are not in it. Who was given all and still lacks an entry that no cell here
    // names does not learn it: its writer was given up.
    private static bool Covers(HandoffAnswer answer, Bucket bucket, bool hasGiven)
    {
        if (!bucket.CellsAndTombstones.All(cell => answer.Context.Contains(cell.Dot))) return false;
        return answer.Context.Covers(bucket.Context) || (hasGiven && Unlearned(answer, bucket));
    }

    private static bool Unlearned(HandoffAnswer answer, Bucket bucket)
    {
        var named = bucket.NamedWriters();
        return bucket.Context.Writers.All(writer => answer.Context.Highest(writer) >= bucket.Context.Highest(writer) || (answer.Context.Highest(writer) == 0 && !named.Contains(writer)));
    }

    // The question that follows in the same stream is answered when these cells are on the other's disk.
    private void Give(NodeId to, Bucket bucket, HandoffAnswer answer, Home home)
    {
        if (home.HasGiven) return;
        home.HasGiven = true;
        var cells = bucket.CellsAndTombstones.Where(cell => !answer.Context.Contains(cell.Dot)).ToList();
        if (cells.Sum(static cell => (long)Repairer.BytesOf(cell)) > Repairer.PageBytesMax)
        {
            state.Send(to, new RepairNudge(bucket.Number, false));
            return;
        }

        state.Send(to, new RepairCells(0, DeltaFrame.Repair(bucket.Number, cells, bucket.Context.Clone()), bucket.Digest, true) { Since = answer.Context });
        Offer(to, bucket, home);
    }

    private void OfferIfDue(NodeId to, Bucket bucket)
    {
        if (!_giving.TryGetValue(bucket.Number, out var giving)) _giving[bucket.Number] = giving = new Giving();
        if (!giving.Homes.TryGetValue(to, out var home)) giving.Homes[to] = home = new Home();
        if (home.OfferedTicks is { } last && state.Now.Since(last) < RetryAfter) return;
        home.HasGiven = false;
        Offer(to, bucket, home);
    }

    private void Offer(NodeId to, Bucket bucket, Home home)
    {
        (home.Request, home.OfferedTicks) = (++_requests, state.Now.Ticks);
        state.Send(to, new HandoffOffer(home.Request, bucket.Number));
    }

    private bool TryDrop(Bucket bucket)
    {
        if (!state.Store.CanDrop(bucket.Number) || !IsWithAll(bucket)) return false;
        _giving.Remove(bucket.Number);
        DroppedCount++;
        Drop(bucket.Number);
        return true;
    }

    private bool IsWithAll(Bucket bucket)
    {
        if (bucket.CellCount == 0 && bucket.Forgotten.TombstoneCount == 0) return true;
        // On a ring without members there is nobody to have it.
        var homes = state.Placement.Map.HomeOwners(bucket.Number).Length;
        var unacked = Unacked(bucket).Count;
        return homes > 0 && (Planted.Is(Mutant.DropsAfterFirstAck) ? unacked < homes : unacked == 0);
    }

    private List<NodeId> Unacked(Bucket bucket)
    {
        var unacked = new List<NodeId>();
        var giving = _giving.GetValueOrDefault(bucket.Number);
        var signature = bucket.Signature();
        foreach (var home in state.Placement.Map.HomeOwners(bucket.Number))
        {
            if (giving is null || !giving.Homes.TryGetValue(home, out var its) || its.AckedSignature != signature) unacked.Add(home);
        }

        return unacked;
    }

    private List<Bucket> Departing() => [.. state.Store.Buckets.Where(bucket => bucket.IsInUse && bucket.Number < Buckets.Count && !state.Placement.Holds(bucket.Number))];

    private void Tell(SortedDictionary<NodeId, int> waiting)
    {
        foreach (var home in _toldTicks.Keys.Where(home => !waiting.ContainsKey(home)).ToList()) _toldTicks.Remove(home);
        foreach (var (home, buckets) in waiting)
        {
            if (_toldTicks.TryGetValue(home, out var told) && state.Now.Since(told) < TellPeriod) continue;
            _toldTicks[home] = state.Now.Ticks;
            state.Outbox.Notify(new HandoffWaits(home, buckets));
        }
    }

    private sealed class Giving
    {
        public SortedDictionary<NodeId, Home> Homes { get; } = [];
    }

    private sealed class Home
    {
        public long Request { get; set; }
        public long? OfferedTicks { get; set; }
        public bool HasGiven { get; set; }
        public ulong? AckedSignature { get; set; }
    }
}
