using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// The cells of one bucket, the writes seen, and a digest that is equal on two replicas exactly when their cells are. Cells merge
/// to the greater; a tombstone takes the place of all cells of its workflow, and counts in neither digest nor number.
/// </summary>
public sealed class Bucket(int number)
{
    private readonly SortedDictionary<WorkflowId, WorkflowCells> _workflows = [];
    private readonly Dictionary<ulong, WorkflowCells> _byPlace = [];

    /// <summary>Its number on the ring.</summary>
    public int Number => number;

    /// <summary>The writes seen: never ahead of the cells.</summary>
    public DotContext Context { get; } = new();

    /// <summary>The workflows with at least one cell, ascending.</summary>
    public IEnumerable<WorkflowCells> Workflows => _workflows.Values;

    /// <summary>How many cells there are.</summary>
    public int CellCount { get; private set; }

    /// <summary>Counts the changes of its cells since this node started.</summary>
    public long Version { get; private set; }

    /// <summary>The sum of the cells' wide digests modulo 2^128: independent of the order in which they came.</summary>
    public UInt128 Digest { get; private set; }

    /// <summary>Told of each ended task whose winner another end displaces within its generation: the old cell and the new.</summary>
    internal Action<Cell, Cell>? Flipped { get; init; }

    /// <summary>How many results did not stay, since their task had <see cref="ResultValue.PerTaskMax"/> that come before them.</summary>
    public long CappedCount { get; private set; }

    /// <summary>All cells but tombstones, ascending by key.</summary>
    public IEnumerable<Cell> Cells => _workflows.Values.SelectMany(static workflow => workflow.All);

    /// <summary>All cells, ascending by key.</summary>
    public IEnumerable<Cell> CellsAndTombstones => Forgotten.TombstoneCount == 0 ? Cells : Forgotten.MergeWith(Cells);

    /// <summary>What was forgotten here, and what must not come back.</summary>
    internal Forgotten Forgotten { get; } = new();

    /// <summary>True when there is something to compare with other replicas.</summary>
    public bool IsInUse => CellCount > 0 || !Context.IsEmpty || Forgotten.TombstoneCount > 0;

    /// <summary>A signature of cells and writes seen: equal when there is nothing to repair.</summary>
    public ulong Signature()
    {
        var hash = StableHash.Of((ulong)Digest, (ulong)(Digest >> 64), (ulong)CellCount);
        foreach (var (actor, seq) in Context.Vector) hash = StableHash.Of(actor, seq, hash);
        foreach (var dot in Context.Cloud) hash = StableHash.Of(dot.Actor, dot.Seq, hash + 1);
        return hash;
    }

    /// <summary>The cells of a workflow, or null.</summary>
    public WorkflowCells? Find(WorkflowId workflow) => _workflows.GetValueOrDefault(workflow);

    /// <summary>Merges one cell; true when it inflated this replica.</summary>
    public bool Merge(Cell cell)
    {
        if (cell.Key.Kind == CellKind.Tombstone) return Bury(cell);
        if (Forgotten.Find(cell.Key.Workflow) is not null) return false;
        var workflow = _workflows.GetValueOrDefault(cell.Key.Workflow) ?? Open(cell.Key.Workflow);
        var old = workflow.Find(cell.Key, out var spot);
        if (old is not null && Keeps(old, cell)) return false;
        if (old is null && cell.Key.Kind == CellKind.Result && !MakeRoom(workflow, cell, ref spot)) return false;
        if (old is not null && old.Key.Kind == CellKind.Status && RunOrder.IsFlip(old.Status, cell.Status)) Flipped?.Invoke(old, cell);
        if (old is null) CellCount++;
        else Digest = unchecked(Digest - old.WideDigest);
        Digest = unchecked(Digest + cell.WideDigest);
        workflow.Put(spot, cell, ++Version);
        return true;
    }

    /// <summary>The workflow that has an idempotency key, or null; <paramref name="place"/> is the key's.</summary>
    public WorkflowId? HolderOf(ulong place, string @namespace, string key)
    {
        var one = _byPlace.GetValueOrDefault(place)?.AtPlace.FirstOrDefault(cells => cells.Submission is { } its && its.Key == key && its.Namespace == @namespace);
        return one?.SupersededBy ?? one?.Id ?? Forgotten.FirstAt(place);
    }

    /// <summary>Some of it was lost: nobody knows any more which writes the cells complete, nor that all below the floor is known.</summary>
    internal void LoseKnowledge()
    {
        Context.Clear();
        Forgotten.LoseFloor();
    }

    /// <summary>Every writer that a cell or tombstone here names: of its own write, of the result of a status, of what an attempt was given.</summary>
    internal HashSet<ulong> NamedWriters() => NamedWriters(CellsAndTombstones);

    /// <summary>As above, of some cells that were checked.</summary>
    internal static HashSet<ulong> NamedWriters(IEnumerable<Cell> cells)
    {
        var named = new HashSet<ulong>();
        foreach (var cell in cells)
        {
            named.Add(cell.Dot.Actor);
            if (cell.Key.Kind == CellKind.Status) named.Add(cell.Status.Detail.Result.Actor);
            if (cell.Key.Kind == CellKind.Inputs) named.UnionWith(RunPayloads.Inputs(cell).Inputs.Select(static input => input.Dot.Actor));
        }

        return named;
    }

    /// <summary>Forgets a writer of whom nothing beyond <paramref name="upTo"/> was seen and no cell here names a write.</summary>
    internal void Retire(ulong writer, ulong upTo)
    {
        if (Context.Highest(writer) is var highest && highest > 0 && highest <= upTo && !NamedWriters().Contains(writer)) Context.Retire(writer, upTo);
    }

    /// <summary>Takes a workflow out, or gives null where there is none. What its writes were stays seen.</summary>
    internal WorkflowCells? Take(WorkflowId id)
    {
        if (!_workflows.Remove(id, out var workflow)) return null;
        foreach (var cell in workflow.All)
        {
            Digest = unchecked(Digest - cell.WideDigest);
            CellCount--;
        }

        if (_byPlace[id.Place] == workflow && workflow.LeavePlace() is { } other) _byPlace[id.Place] = other;
        else if (_byPlace[id.Place] == workflow) _byPlace.Remove(id.Place);
        else workflow.LeavePlace();
        Version++;
        return workflow;
    }

    private bool Bury(Cell tombstone)
    {
        if (!Forgotten.TryBury(tombstone, Version + 1)) return false;
        Version++;
        Take(tombstone.Key.Workflow);
        return true;
    }

    private bool MakeRoom(WorkflowCells workflow, Cell cell, ref CellSpot spot)
    {
        if (workflow.ExcessWith(cell, spot) is not { } excess) return true;
        CappedCount++;
        if (ReferenceEquals(excess, cell)) return false;
        workflow.Remove(excess, ++Version);
        CellCount--;
        Digest = unchecked(Digest - excess.WideDigest);
        workflow.Find(cell.Key, out spot);
        return true;
    }

    private static bool Keeps(Cell old, Cell cell)
    {
        if (Planted.Is(Mutant.LastArrivalWins)) return old.SameAs(cell);
        if (Planted.Is(Mutant.TwoWinners) && cell.Key.Kind == CellKind.Status && old.Status.Rank == 2) return true;
        return old.CompareTo(cell) >= 0;
    }

    private WorkflowCells Open(WorkflowId id)
    {
        var workflow = _workflows[id] = new WorkflowCells(id, number);
        if (!_byPlace.TryAdd(id.Place, workflow)) workflow.ShareWith(_byPlace[id.Place]);
        return workflow;
    }
}
