using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication.Riblt;

namespace Swim.Core.Replication;

/// <summary>
/// The side of repair that is asked. It keeps nothing of an exchange but the sets that coded symbols are made of, so that those of one
/// exchange are of one set though cells change meanwhile; a set that was dropped is made anew.
/// </summary>
internal sealed class RepairAnswers(ReplicaState state)
{
    /// <summary>Sets kept for coded symbols: a window of buckets for each of a few peers.</summary>
    public const int SketchesMax = 8 * Repairer.Window;

    /// <summary>Items in all those sets together, of 24 bytes, or in one that is larger.</summary>
    public const int ItemsMax = 1 << 20;

    private static readonly TimeSpan SketchLife = TimeSpan.FromSeconds(5);
    private readonly SortedDictionary<(NodeId Peer, int Bucket), Sketch> _sketches = [];
    private long _snapshots;

    /// <summary>Answers with the next page of what the asker has not seen, or wants. True when the asker has everything with it.</summary>
    public bool OnAsk(NodeId from, RepairAsk ask)
    {
        var bucket = state.Store.Find(ask.Bucket);
        var wants = ask.Wants.ToHashSet();
        var page = new List<Cell>();
        var bytes = 0;
        var isLast = true;
        foreach (var cell in bucket?.CellsAndTombstones ?? [])
        {
            if (ask.After is { } after && cell.Key <= after) continue;
            if (!Planted.Is(Mutant.RepairSendsAll) && ask.Context.Contains(cell.Dot) && (wants.Count == 0 || !wants.Contains(cell.Digest))) continue;
            isLast = bytes < Repairer.PageBytesMax;
            if (!isLast) break;
            page.Add(cell);
            bytes += Repairer.BytesOf(cell);
        }

        if (Planted.Is(Mutant.RepairSendsNothing)) page.Clear();
        if (Planted.Is(Mutant.RepairContextFirst)) state.Send(from, new RepairCells(0, DeltaFrame.Repair(ask.Bucket, [], bucket?.Context.Clone()), 0, true));
        var frame = DeltaFrame.Repair(ask.Bucket, page, bucket?.Context.Clone() ?? new DotContext());
        state.Send(from, new RepairCells(ask.Request, frame, bucket?.Digest ?? 0, isLast));
        return isLast && ask.After is null && wants.Count == 0;
    }

    /// <summary>Answers with the next coded symbols of the set asked for, or the first ones of the set as it is now.</summary>
    public void OnSketchAsk(NodeId from, RepairSketchAsk ask)
    {
        var isKnown = _sketches.TryGetValue((from, ask.Bucket), out var sketch) && sketch.Snapshot == ask.Snapshot;
        if (!isKnown || sketch is null) sketch = Make(from, ask.Bucket);
        sketch.UsedTicks = state.Now.Ticks;
        var start = isKnown ? ask.From : 0;
        state.Send(from, new RepairSymbols(ask.Request, ask.Bucket, sketch.Snapshot, start, sketch.Encoder.Take(start, ask.Count)));
    }

    /// <summary>Drops the sets of exchanges that are over.</summary>
    public void Tend()
    {
        if (_sketches.Count == 0) return;
        foreach (var (key, sketch) in _sketches.ToList())
        {
            if (state.Now.Since(sketch.UsedTicks) >= SketchLife) _sketches.Remove(key);
        }
    }

    private Sketch Make(NodeId peer, int bucket)
    {
        _sketches.Remove((peer, bucket));
        var held = state.Store.Find(bucket);
        MakeRoomFor(held?.CellCount ?? 0);
        var items = (held?.Cells ?? []).Select(static cell => cell.Digest);
        return _sketches[(peer, bucket)] = new Sketch(++_snapshots, new SymbolEncoder(items));
    }

    // An exchange whose set goes begins with another: it costs bytes, no more.
    private void MakeRoomFor(int items)
    {
        var all = (long)items + _sketches.Values.Sum(static sketch => sketch.Encoder.ItemCount);
        while (_sketches.Count >= SketchesMax || (all > ItemsMax && _sketches.Count > 0))
        {
            var (key, oldest) = _sketches.MinBy(static entry => (entry.Value.UsedTicks, entry.Value.Snapshot));
            all -= oldest.Encoder.ItemCount;
            _sketches.Remove(key);
        }
    }

    private sealed class Sketch(long snapshot, SymbolEncoder encoder)
    {
        public long Snapshot => snapshot;
        public SymbolEncoder Encoder => encoder;
        public long UsedTicks { get; set; }
    }
}
