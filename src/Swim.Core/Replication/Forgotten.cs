using Swim.Core.Clocks;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// What one bucket knows of workflows that are no longer in it: the tombstones of those that were collected, the floor below which an
/// unknown one is refused, and the cells that were set aside since every other home owner had refused them. Part of the log's records
/// and of checkpoints. Design: ADR 12.
/// </summary>
internal sealed class Forgotten
{
    private readonly SortedDictionary<WorkflowId, (Cell Cell, long Version)> _tombstones = [];
    private readonly SortedSet<WorkflowId> _ids = [];
    private readonly SortedDictionary<CellKey, Cell> _aside = [];

    /// <summary>Every workflow submitted before it is known here or was forgotten. Only rises; zero refuses nothing.</summary>
    public HlcTimestamp Floor { get; private set; }

    /// <summary>How many tombstones there are.</summary>
    public int TombstoneCount => _tombstones.Count;

    /// <summary>The tombstones, ascending by workflow, each with the <see cref="Bucket.Version"/> at which it came.</summary>
    public IEnumerable<(Cell Cell, long Version)> Tombstones => _tombstones.Values;

    /// <summary>Cells that were set aside, ascending by key.</summary>
    public IReadOnlyCollection<Cell> Aside => _aside.Values;

    /// <summary>The tombstone of a workflow, or null.</summary>
    public Cell? Find(WorkflowId workflow) =>
        _tombstones.Count > 0 && _tombstones.TryGetValue(workflow, out var found) ? found.Cell : null;

    /// <summary>The first workflow at a place that has a tombstone, or null.</summary>
    public WorkflowId? FirstAt(ulong place)
    {
        if (_ids.Count == 0) return null;
        var here = _ids.GetViewBetween(new WorkflowId(place, 0), new WorkflowId(place, ulong.MaxValue));
        return here.Count == 0 ? null : here.Min;
    }

    /// <summary>Takes a tombstone in; false when there was one at least as great.</summary>
    public bool TryBury(Cell tombstone, long version)
    {
        var id = tombstone.Key.Workflow;
        if (Find(id) is { } old && old.CompareTo(tombstone) >= 0) return false;
        _tombstones[id] = (tombstone, version);
        _ids.Add(id);
        return true;
    }

    /// <summary>Drops a tombstone; nothing happens where there is none.</summary>
    public void Drop(WorkflowId workflow)
    {
        _tombstones.Remove(workflow);
        _ids.Remove(workflow);
    }

    /// <summary>Raises the floor; one that is not above it changes nothing.</summary>
    public void Raise(HlcTimestamp floor) => Floor = floor > Floor ? floor : Floor;

    /// <summary>What the floor stands for is lost: nothing is refused.</summary>
    public void LoseFloor() => Floor = HlcTimestamp.Zero;

    /// <summary>Keeps cells aside: of two under one key the greater.</summary>
    public void SetAside(IEnumerable<Cell> cells)
    {
        foreach (var cell in cells)
        {
            if (!_aside.TryGetValue(cell.Key, out var old) || old.CompareTo(cell) < 0) _aside[cell.Key] = cell;
        }
    }

    /// <summary><paramref name="cells"/>, ascending by key, with the tombstones among them: no workflow has both.</summary>
    public IEnumerable<Cell> MergeWith(IEnumerable<Cell> cells)
    {
        using var tombstones = _tombstones.Values.GetEnumerator();
        var hasNext = tombstones.MoveNext();
        foreach (var cell in cells)
        {
            for (; hasNext && tombstones.Current.Cell.Key < cell.Key; hasNext = tombstones.MoveNext()) yield return tombstones.Current.Cell;
            yield return cell;
        }

        for (; hasNext; hasNext = tombstones.MoveNext()) yield return tombstones.Current.Cell;
    }
}
