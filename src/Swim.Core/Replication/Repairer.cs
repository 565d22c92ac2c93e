using Swim.Core.Crdt;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Repair between two owners, the side that opens it. A root over all that both own, then a digest of each bucket. Of one that differs
/// the other sends what its writes are not in this node's context, page by page, and is sent the like. Where both have seen the same
/// writes and still differ, coded symbols tell the cells; where those do not, everything is sent. When it ends the opener holds all
/// that the other held when it answered.
/// </summary>
internal sealed class Repairer(ReplicaState state)
{
    /// <summary>Buckets exchanged at once with one peer.</summary>
    public const int Window = 32;

    /// <summary>Buckets of which more than one page comes, at once from all peers.</summary>
    public const int StreamsMax = 2;

    /// <summary>Cells in one message: 512 KiB, or one cell more.</summary>
    public const int PageBytesMax = 512 * 1024;

    /// <summary>Streams that broke off and are remembered, to go on where they were.</summary>
    public const int BrokenMax = 64;

    private const int FirstSymbols = 2;
    private const int CellBytes = 64;
    private static readonly TimeSpan StallTimeout = TimeSpan.FromMilliseconds(500);

    // An answer that is on its way is here by then, mostly.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(50);
    private readonly SharedBuckets _shared = new(state);
    private readonly SortedDictionary<NodeId, RepairExchange> _open = [];
    private readonly SortedDictionary<(NodeId Peer, int Bucket), BucketRepair> _broken = [];

    // An answer to a request of this node's life before is none to those of this one.
    private long _requests = (long)(state.Prng.NextUInt64() >> 34);

    /// <summary>Called when an exchange opened here has ended.</summary>
    public required Action<NodeId> Completed { get; init; }

    /// <summary>
    /// Called when an exchange opened here has ended in which all that the other held was merged: with the ring on which both were, and the
    /// time when the other held it, by the slower of both clocks.
    /// </summary>
    public required Action<NodeId, ulong, long> Heard { get; init; }

    /// <summary>Called with a bucket of which the other holds, on its disk, all that this node does.</summary>
    public required Action<NodeId, Bucket> FoundEqual { get; init; }

    /// <summary>The buckets that a member must be asked about, whatever it takes the ring for; null for none.</summary>
    public required Func<NodeId, Ring.BucketSet?> Asks { get; init; }

    /// <summary>Called with what a member was asked about so and, of all that both hold, what differs: the rest is exchanged.</summary>
    public required Action<NodeId, Ring.BucketSet?, IReadOnlySet<int>, bool> Compared { get; init; }

    /// <summary>Called with a bucket of which all that the other holds is here.</summary>
    public required Action<NodeId, int> Exchanged { get; init; }

    /// <summary>How often a bucket differed where both had seen the same writes.</summary>
    public long UnexplainedCount { get; private set; }

    /// <summary>What a cell counts for in a page.</summary>
    public static int BytesOf(Cell cell) => cell.Payload.Length + CellBytes;

    /// <summary>Opens an exchange over everything both own, unless one is under way.</summary>
    public void Open(NodeId peer)
    {
        if (_open.TryGetValue(peer, out var current) && !current.IsMend) return;
        OpenAnew(peer);
    }

    /// <summary>Opens an exchange over everything both own; one that is under way goes on in it.</summary>
    public void OpenAnew(NodeId peer)
    {
        if (_open.TryGetValue(peer, out var current)) End(peer, current);
        var exchange = new RepairExchange(++_requests, SharedBuckets.RootOf(_shared.CommonWith(peer))) { ProgressTicks = state.Now.Ticks, Ring = state.Placement.Map.Fingerprint, HeardMs = state.Now.WallMs, Asked = Asks(peer) };
        _open[peer] = exchange;
        SendOpen(peer, exchange);
    }

    /// <summary>The bucket was dropped: what is asked of it is asked no more.</summary>
    public void Forget(int bucket)
    {
        foreach (var (peer, exchange) in _open.ToList())
        {
            exchange.Queue.Remove(bucket);
            if (exchange.Pending.Remove(bucket)) Continue(peer, exchange);
        }

        foreach (var key in _broken.Keys.Where(key => key.Bucket == bucket).ToList()) _broken.Remove(key);
    }

    /// <summary>Exchanges one bucket with a peer, on its own or within the exchange that is under way.</summary>
    public void Mend(NodeId peer, int bucket) => Mend(peer, new BucketRepair(bucket));

    /// <summary>The other has more for this node than one message holds.</summary>
    public void OnNudge(NodeId from, RepairNudge nudge) => Mend(from, new BucketRepair(nudge.Bucket) { IsWhole = nudge.Whole, IsNudged = true });

    /// <summary>Begins exchanges anew that have stalled; drops those with a peer that is down.</summary>
    public void Tend()
    {
        foreach (var (peer, exchange) in _open.ToList())
        {
            var isDown = state.Placement.IsDown(peer);
            if (!isDown) AskWaiting(peer, exchange);
            if (!isDown && state.Now.Since(exchange.ProgressTicks) < StallTimeout) continue;
            End(peer, exchange);
            if (exchange.IsMend) continue;
            if (isDown) Completed(peer);
            else Open(peer);
        }
    }

    public void OnOpen(NodeId from, RepairOpen open)
    {
        var offered = _shared.OfferedTo(from, open.Asked);
        var equal = open.Asked is null && open.Root == SharedBuckets.RootOf(offered);
        if (equal) FoundAllEqual(from, offered);
        state.Send(from, _shared.AnswerTo(from, open, equal, offered));
        AskAgain(from);
    }

    // A member that had not heard of this node could not answer it. Now that it asks, it can: nobody has to wait for the stall to be seen.
    private void AskAgain(NodeId peer)
    {
        if (!_open.TryGetValue(peer, out var mine) || mine.Started || mine.AskedAgain || state.Now.Since(mine.ProgressTicks) < AnswerTime) return;
        mine.AskedAgain = true;
        SendOpen(peer, mine);
    }

    private void SendOpen(NodeId peer, RepairExchange exchange) =>
        state.Send(peer, new RepairOpen(exchange.Number, exchange.Root) { Asked = exchange.Asked, Groups = exchange.Groups });

    public void OnGroups(NodeId from, RepairGroups groups)
    {
        if (!_open.TryGetValue(from, out var exchange) || exchange.Number != groups.Exchange || exchange.Started) return;
        exchange.ProgressTicks = state.Now.Ticks;
        _shared.Note(exchange, groups.Ring, groups.WallMs, groups.Newest);
        var common = _shared.CommonWith(from).ToList();
        exchange.Groups = BucketGroups.Differing(BucketGroups.DigestsOf(SharedBuckets.DigestsOf(common)), groups.Digests);
        FoundAllEqual(from, common.Where(bucket => !exchange.AsksFor(bucket.Number)));
        SendOpen(from, exchange);
    }

    public void OnDigests(NodeId from, RepairDigests digests)
    {
        if (!_open.TryGetValue(from, out var exchange) || exchange.Number != digests.Exchange || exchange.Started) return;
        exchange.Started = true;
        _shared.Note(exchange, digests.Ring, digests.WallMs, digests.Newest);
        // Only as long as nothing was written here since the root was sent.
        var common = _shared.CommonWith(from);
        if (digests.Equal && exchange.Root == SharedBuckets.RootOf(common)) FoundAllEqual(from, common);
        var differing = digests.Equal ? [] : Differing(from, exchange, digests.Buckets);
        foreach (var bucket in differing) exchange.Queue[bucket] = new BucketRepair(bucket);
        Compared(from, exchange.Asked, differing, digests.Ring == state.Placement.Map.Fingerprint);
        Continue(from, exchange);
    }

    /// <summary>
    /// The cells of an answer, with the context that may be learned once they are merged: none before the last page, and then what the
    /// other had seen at the first, since what changed meanwhile may lie behind. None where this node lacks what the other left out. None either when the answer is not awaited: it may be
    /// the last page of an exchange that broke off.
    /// </summary>
    public DeltaFrame Settle(NodeId from, RepairCells cells)
    {
        var theirs = cells.Last ? cells.Frame.Context : null;
        if (cells.Request != 0 && theirs is not null)
            theirs = Under(from, cells.Frame.Bucket, cells.Request) is { } repair ? repair.LearnedAtEnd(theirs) : null;
        if (cells.Since is { IsEmpty: false } since && state.Store.Find(cells.Frame.Bucket)?.Context.Covers(since) != true) theirs = null;
        return cells.Frame with { Context = theirs };
    }

    /// <summary>Cells were merged by the caller, with the context that <see cref="Settle"/> left of them; goes on.</summary>
    public void OnCells(NodeId from, RepairCells cells)
    {
        if (cells.Frame.Context is not { } theirs) return;
        if (cells is { Request: 0, Last: true } && NoteIfEqual(from, cells, theirs)) Skip(from, cells.Frame.Bucket);
        if (Under(from, cells.Frame.Bucket, cells.Request) is not { } repair) return;
        var exchange = Progress(from, repair);
        if (repair.StreamContext is { } start && !theirs.Covers(start)) Restart(from, repair);
        else if (!cells.Last) OnPage(from, repair, cells, theirs);
        else if (NoteIfEqual(from, cells, theirs) || repair.IsExhausted || !IsUnexplained(cells, theirs)) Finish(from, exchange, repair, cells, theirs);
        else AskSymbols(from, repair, 0, FirstSymbols);
    }

    /// <summary>The other asked for the bucket as well, and was sent all of it: nothing is to be sent back when its own answer is here.</summary>
    public void OnToldAll(NodeId peer, int bucket) => _open.GetValueOrDefault(peer)?.Pending.GetValueOrDefault(bucket)?.Tell();

    public void OnSymbols(NodeId from, RepairSymbols symbols)
    {
        if (Under(from, symbols.Bucket, symbols.Request) is not { } repair || symbols.Symbols.Count == 0) return;
        Progress(from, repair);
        if (!TryTakeIn(repair, symbols)) AskWhole(from, repair);
        else if (!repair.Decoder!.IsDecoded) AskMoreSymbols(from, repair);
        else AskFound(from, repair);
    }

    private void OnPage(NodeId from, BucketRepair repair, RepairCells page, DotContext theirs)
    {
        if (!repair.TryTurn(page, theirs)) return;
        repair.IsWaiting = StreamCount() > StreamsMax;
        if (!repair.IsWaiting) AskNext(from, repair);
    }

    // Contexts that are equal must mean cells that are.
    private bool IsUnexplained(RepairCells cells, DotContext theirs)
    {
        if (state.Store.Find(cells.Frame.Bucket) is not { } bucket || bucket.Digest == cells.Digest || !bucket.Context.SameAs(theirs)) return false;
        UnexplainedCount++;
        return true;
    }

    private bool NoteIfEqual(NodeId from, RepairCells cells, DotContext theirs)
    {
        if (state.Store.Find(cells.Frame.Bucket) is not { } bucket || bucket.Digest != cells.Digest || !bucket.Context.SameAs(theirs)) return false;
        FoundEqual(from, bucket);
        return true;
    }

    // The other asked for it and sent back what was missing here: there is nothing left to ask for.
    private void Skip(NodeId peer, int bucket)
    {
        if (!_open.TryGetValue(peer, out var exchange) || !exchange.Queue.Remove(bucket)) return;
        Exchanged(peer, bucket);
        Continue(peer, exchange);
    }

    // Both end with the same cells and context: the other is sent what it lacks, or told to ask where that is much.
    private void Finish(NodeId peer, RepairExchange exchange, BucketRepair repair, RepairCells cells, DotContext theirs)
    {
        // One that only hands the bucket over needs nothing of it.
        if (state.Store.Find(repair.Bucket) is { } bucket && state.Placement.Holds(peer, repair.Bucket))
        {
            if ((!theirs.Covers(bucket.Context) && !repair.HasToldAll) || repair.Mine.Count > 0) SendBack(peer, bucket, theirs, repair.Mine);
            if (repair is { IsWhole: true, IsNudged: false } && bucket.Digest != cells.Digest) state.Send(peer, new RepairNudge(repair.Bucket, true));
        }

        exchange.Pending.Remove(repair.Bucket);
        Exchanged(peer, repair.Bucket);
        Continue(peer, exchange);
    }

    private void SendBack(NodeId to, Bucket bucket, DotContext theirs, IReadOnlyList<ulong> mine)
    {
        var found = mine.ToHashSet();
        var back = bucket.CellsAndTombstones.Where(cell => !theirs.Contains(cell.Dot) || (found.Count > 0 && found.Contains(cell.Digest))).ToList();
        if (back.Sum(static cell => (long)BytesOf(cell)) > PageBytesMax) state.Send(to, new RepairNudge(bucket.Number, found.Count > 0));
        else state.Send(to, new RepairCells(0, DeltaFrame.Repair(bucket.Number, back, bucket.Context.Clone()), bucket.Digest, true) { Since = theirs });
    }

    private bool TryTakeIn(BucketRepair repair, RepairSymbols symbols)
    {
        if (symbols.From == 0)
        {
            var mine = (state.Store.Find(symbols.Bucket)?.Cells ?? []).Select(static cell => cell.Digest);
            if (!repair.TryBegin(mine, symbols.Snapshot)) return false;
        }

        if (repair.Decoder is not { } decoder || repair.Snapshot != symbols.Snapshot || decoder.SymbolCount != symbols.From) return false;
        decoder.Add(symbols.Symbols);
        return !decoder.IsBroken;
    }

    // A quarter more than there are, or what at least so many differences take: as few bytes over as round trips allow.
    private void AskMoreSymbols(NodeId peer, BucketRepair repair)
    {
        var decoder = repair.Decoder!;
        long have = decoder.SymbolCount;
        var total = Math.Max(Math.Max(FirstSymbols * 4, have + (have / 4)), decoder.AtLeast + (decoder.AtLeast * 2 / 5));
        if (total <= RepairSymbols.CountMax) AskSymbols(peer, repair, repair.Snapshot, (int)(total - have));
        else AskWhole(peer, repair);
    }

    private void AskSymbols(NodeId peer, BucketRepair repair, long snapshot, int count)
    {
        repair.Request = ++_requests;
        state.Send(peer, new RepairSketchAsk(repair.Request, repair.Bucket, snapshot, snapshot == 0 ? 0 : repair.Decoder!.SymbolCount, count));
    }

    private void AskFound(NodeId peer, BucketRepair repair)
    {
        repair.Found();
        Restart(peer, repair);
    }

    private void AskWhole(NodeId peer, BucketRepair repair)
    {
        repair.IsWhole = true;
        Restart(peer, repair);
    }

    private void Restart(NodeId peer, BucketRepair repair)
    {
        repair.Rewind();
        AskNext(peer, repair);
    }

    private void AskNext(NodeId peer, BucketRepair repair)
    {
        repair.Request = ++_requests;
        var seen = repair.IsWhole ? null : state.Store.Find(repair.Bucket)?.Context.Clone();
        state.Send(peer, new RepairAsk(repair.Request, repair.Bucket, seen ?? new DotContext(), repair.After, repair.Wants));
    }

    private void AskWaiting(NodeId peer, RepairExchange exchange)
    {
        foreach (var repair in exchange.Pending.Values.Where(static repair => repair.IsWaiting))
        {
            exchange.ProgressTicks = state.Now.Ticks;
            if (StreamCount() >= StreamsMax) return;
            repair.IsWaiting = false;
            AskNext(peer, repair);
        }
    }

    private int StreamCount() =>
        _open.Values.Sum(static exchange => exchange.Pending.Values.Count(static repair => repair is { StreamContext: not null, IsWaiting: false }));

    private void Mend(NodeId peer, BucketRepair repair)
    {
        if (!_open.TryGetValue(peer, out var exchange)) _open[peer] = exchange = new RepairExchange(++_requests, 0) { IsMend = true, Started = true };
        // The digests to come will name it.
        if (!exchange.Started || exchange.Pending.ContainsKey(repair.Bucket)) return;
        if (repair.IsWhole || !exchange.Queue.ContainsKey(repair.Bucket)) exchange.Queue[repair.Bucket] = repair;
        Continue(peer, exchange);
    }

    private void Continue(NodeId peer, RepairExchange exchange)
    {
        exchange.ProgressTicks = state.Now.Ticks;
        while (exchange.Pending.Count < Window && exchange.Queue.Count > 0)
        {
            // Where each asks the other they begin at both ends: what one has dealt with the other need not ask for.
            var at = state.Self < peer ? 0 : exchange.Queue.Count - 1;
            var (bucket, repair) = (exchange.Queue.GetKeyAtIndex(at), exchange.Queue.GetValueAtIndex(at));
            exchange.Queue.RemoveAt(at);
            exchange.Pending.Add(bucket, repair);
            if (_broken.Remove((peer, bucket), out var broken) && (broken.IsWhole || !repair.IsWhole)) repair.Resume(broken);
            AskNext(peer, repair);
        }

        if (exchange.Pending.Count > 0) return;
        _open.Remove(peer);
        if (exchange.IsOnOneRing) Heard(peer, exchange.Ring, exchange.HeardMs);
        if (!exchange.IsMend) Completed(peer);
    }

    private void End(NodeId peer, RepairExchange exchange)
    {
        _open.Remove(peer);
        foreach (var repair in exchange.Pending.Values)
        {
            if (repair.StreamContext is not null && _broken.Count < BrokenMax) _broken[(peer, repair.Bucket)] = repair;
        }
    }

    private SortedSet<int> Differing(NodeId peer, RepairExchange exchange, IReadOnlyList<BucketDigest> theirs)
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

        foreach (var bucket in _shared.CommonWith(peer))
        {
            if (!same.Contains(bucket.Number) && exchange.AsksFor(bucket.Number)) differing.Add(bucket.Number);
        }

        return differing;
    }

    private void FoundAllEqual(NodeId peer, IEnumerable<Bucket> buckets)
    {
        foreach (var bucket in buckets) FoundEqual(peer, bucket);
    }

    private BucketRepair? Under(NodeId peer, int bucket, long request) =>
        request != 0 && _open.TryGetValue(peer, out var exchange) && exchange.Pending.TryGetValue(bucket, out var repair) && repair.Request == request
            ? repair
            : null;

    private RepairExchange Progress(NodeId peer, BucketRepair repair)
    {
        repair.Request = 0;
        var exchange = _open[peer];
        exchange.ProgressTicks = state.Now.Ticks;
        return exchange;
    }
}
