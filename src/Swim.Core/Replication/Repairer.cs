using Swim.Core.Crdt;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Repair between two owners: one compares a root, then digests of buckets, then per differing bucket the hashes of keys and
/// values; both send what the other lacks. When it ends the opener holds all that the other held when it answered.
/// </summary>
internal sealed class Repairer(ReplicaState state)
{
    /// <summary>Buckets exchanged at once.</summary>
    public const int Window = 8;

    /// <summary>Payload bytes in one repair frame.</summary>
    public const int FrameBytesMax = 512 * 1024;

    private static readonly TimeSpan StallTimeout = TimeSpan.FromMilliseconds(500);

    // An answer that is on its way is here by then, mostly.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(50);
    private readonly SortedDictionary<NodeId, Exchange> _open = [];
    private long _nextExchange;

    /// <summary>Called when an exchange opened here has ended.</summary>
    public required Action<NodeId> Completed { get; init; }

    /// <summary>Called with a bucket of which the other holds, on its disk, all that this node does.</summary>
    public required Action<NodeId, Bucket> FoundEqual { get; init; }

    /// <summary>Opens an exchange over everything both own, unless one is under way.</summary>
    public void Open(NodeId peer)
    {
        if (_open.ContainsKey(peer)) return;
        var exchange = new Exchange(++_nextExchange, RootWith(peer)) { ProgressTicks = state.Now.Ticks };
        _open[peer] = exchange;
        state.Send(peer, new RepairOpen(exchange.Number, exchange.Root));
    }

    /// <summary>Exchanges single buckets with a peer, outside of an <see cref="Open"/>.</summary>
    public void Mend(NodeId peer, int bucket) => state.Send(peer, new RepairKeys(0, bucket, HashesOf(bucket)));

    /// <summary>Begins exchanges anew that have stalled; drops those with a peer that is down.</summary>
    public void Tend()
    {
        foreach (var (peer, exchange) in _open.ToList())
        {
            var isDown = state.Placement.IsDown(peer);
            if (!isDown && state.Now.Since(exchange.ProgressTicks) < StallTimeout) continue;
            _open.Remove(peer);
            if (isDown) Completed(peer);
            else Open(peer);
        }
    }

    public void OnOpen(NodeId from, RepairOpen open)
    {
        var equal = open.Root == RootWith(from);
        if (equal) FoundAllEqual(from);
        var digests = equal ? [] : SharedWith(from).Select(static bucket => new BucketDigest(bucket.Number, bucket.Signature())).ToList();
        state.Send(from, new RepairDigests(open.Exchange, equal, digests));
        AskAgain(from);
    }

    // A member that had not heard of this node could not answer it. Now that it asks, it can: nobody has to wait for the stall to be seen.
    private void AskAgain(NodeId peer)
    {
        if (!_open.TryGetValue(peer, out var mine) || mine.Started || mine.AskedAgain || state.Now.Since(mine.ProgressTicks) < AnswerTime) return;
        mine.AskedAgain = true;
        state.Send(peer, new RepairOpen(mine.Number, mine.Root));
    }

    public void OnDigests(NodeId from, RepairDigests digests)
    {
        if (Under(from, digests.Exchange) is not { } exchange || exchange.Started) return;
        exchange.Started = true;
        // Only as long as nothing was written here since the root was sent.
        if (digests.Equal && exchange.Root == RootWith(from)) FoundAllEqual(from);
        if (!digests.Equal) exchange.Queue = Differing(from, digests.Buckets);
        Continue(from, exchange);
    }

    public void OnKeys(NodeId from, RepairKeys keys)
    {
        var theirs = new Dictionary<ulong, ulong>();
        foreach (var hash in keys.Cells) theirs[hash.Key] = hash.Value;
        var bucket = state.Store.Find(keys.Bucket);
        var mine = bucket?.Cells ?? [];
        var send = new List<Cell>();
        foreach (var cell in mine)
        {
            var key = cell.Key.Hash;
            if (theirs.TryGetValue(key, out var value) && value == cell.ValueHash) theirs.Remove(key);
            else send.Add(cell);
        }

        Send(from, keys.Exchange, keys.Bucket, send, [.. theirs.Keys.Order()], bucket?.Context ?? new DotContext());
    }

    /// <summary>Cells were merged by the caller; sends what the other wants and goes on with the next bucket.</summary>
    public void OnCells(NodeId from, RepairCells cells)
    {
        if (cells.Wants.Count > 0 || NeedsContext(cells)) SendWanted(from, cells);
        if (Under(from, cells.Exchange) is not { } exchange) return;
        exchange.ProgressTicks = state.Now.Ticks;
        if (cells.Last && exchange.Pending.Remove(cells.Frame.Bucket)) Continue(from, exchange);
    }

    // The opener always answers with its context, so that both end with the same one.
    private bool NeedsContext(RepairCells cells) =>
        cells is { Last: true, Frame.Context: { } theirs } && state.Store.Find(cells.Frame.Bucket) is { } bucket && !theirs.Covers(bucket.Context);

    // Also what came here since the other named what it wants: the context sent along covers that, and must not be ahead of the cells.
    private void SendWanted(NodeId to, RepairCells cells)
    {
        if (state.Store.Find(cells.Frame.Bucket) is not { } bucket) return;
        var wants = cells.Wants.ToHashSet();
        var theirs = cells.Last ? cells.Frame.Context : null;
        var send = bucket.Cells.Where(cell => wants.Contains(cell.Key.Hash) || theirs?.Contains(cell.Dot) == false).ToList();
        Send(to, 0, bucket.Number, send, [], theirs is null ? null : bucket.Context);
    }

    private void Send(NodeId to, long exchange, int bucket, List<Cell> cells, IReadOnlyList<ulong> wants, DotContext? context)
    {
        var start = 0;
        while (start < cells.Count)
        {
            var end = start;
            for (var bytes = 0; end < cells.Count && (end == start || bytes < FrameBytesMax); end++) bytes += cells[end].Payload.Length + 64;
            if (end == cells.Count) break;
            state.Send(to, new RepairCells(exchange, DeltaFrame.Repair(bucket, cells.GetRange(start, end - start), null), [], false));
            start = end;
        }

        var last = DeltaFrame.Repair(bucket, cells.GetRange(start, cells.Count - start), context?.Clone());
        state.Send(to, new RepairCells(exchange, last, wants, true));
    }

    private void Continue(NodeId peer, Exchange exchange)
    {
        exchange.ProgressTicks = state.Now.Ticks;
        while (exchange.Pending.Count < Window && exchange.Queue.TryDequeue(out var bucket))
        {
            exchange.Pending.Add(bucket);
            state.Send(peer, new RepairKeys(exchange.Number, bucket, HashesOf(bucket)));
        }

        if (exchange.Pending.Count > 0) return;
        _open.Remove(peer);
        Completed(peer);
    }

    private Queue<int> Differing(NodeId peer, IReadOnlyList<BucketDigest> theirs)
    {
        var differing = new SortedSet<int>();
        var same = new HashSet<int>();
        foreach (var digest in theirs)
        {
            if (state.Store.Find(digest.Bucket) is { } bucket && bucket.Signature() == digest.Digest)
            {
                same.Add(digest.Bucket);
                FoundEqual(peer, bucket);
            }
            else
            {
                differing.Add(digest.Bucket);
            }
        }

        foreach (var bucket in SharedWith(peer))
        {
            if (!same.Contains(bucket.Number)) differing.Add(bucket.Number);
        }

        return new Queue<int>(differing);
    }

    private void FoundAllEqual(NodeId peer)
    {
        foreach (var bucket in SharedWith(peer)) FoundEqual(peer, bucket);
    }

    private List<CellHash> HashesOf(int bucket) =>
        [.. (state.Store.Find(bucket)?.Cells ?? []).Select(static cell => new CellHash(cell.Key.Hash, cell.ValueHash))];

    // What I hold and the peer should: an owner's copy, or that of a node that owned it before the ring changed.
    private IEnumerable<Bucket> SharedWith(NodeId peer) =>
        state.Store.Buckets.Where(bucket => bucket.CellCount > 0 && state.Placement.Holds(peer, bucket.Number));

    private ulong RootWith(NodeId peer)
    {
        ulong root = 0;
        foreach (var bucket in SharedWith(peer)) root = StableHash.Of((ulong)bucket.Number, bucket.Signature(), root);
        return root;
    }

    private Exchange? Under(NodeId peer, long number) =>
        number != 0 && _open.TryGetValue(peer, out var exchange) && exchange.Number == number ? exchange : null;

    private sealed class Exchange(long number, ulong root)
    {
        public long Number => number;
        public ulong Root => root;
        public bool Started { get; set; }
        public bool AskedAgain { get; set; }
        public long ProgressTicks { get; set; }
        public Queue<int> Queue { get; set; } = new();
        public SortedSet<int> Pending { get; } = [];
    }
}
