using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// The stamps of a node's own writes rise from record to record: within a life (<c>HlcMonotone</c>), and over a restart above all that an earlier life had
/// on its disk and so may have handed out (<c>HlcRestartMonotone</c>). The claim of a majority bears the stamp under which its votes were asked for, and is
/// written when they are won: that one was given out in this life and stands in one claim only.
/// </summary>
internal sealed class HlcMonotoneChecker(Workload work, bool isOverRestarts) : IChecker, IObserver
{
    private readonly SortedDictionary<int, HlcTimestamp> _last = [];
    private readonly SortedDictionary<int, HlcTimestamp> _before = [];
    private readonly HashSet<(int Node, HlcTimestamp Stamp)> _claimed = [];
    private readonly SortedDictionary<int, Queue<HlcTimestamp>> _undurable = [];
    private readonly SortedDictionary<int, HlcTimestamp> _durable = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => isOverRestarts ? "HlcRestartMonotone" : "HlcMonotone";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnRecovered(int node, long position)
    {
        _undurable[node] = new Queue<HlcTimestamp>();
        _before[node] = _last[node] = isOverRestarts ? _durable.GetValueOrDefault(node) : default;
    }

    /// <inheritdoc/>
    public void OnDiskSetBack(int node, bool toBackup)
    {
        _durable.Remove(node);
        _claimed.RemoveWhere(claim => claim.Node == node);
    }

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
        var (highest, before) = (HlcTimestamp.Zero, _last[node]);
        foreach (var cell in OwnCells(record))
        {
            Judge(node, cell, before);
            if (cell.Stamp > highest) highest = cell.Stamp;
        }

        _undurable[node].Enqueue(highest);
        if (highest > before) _last[node] = highest;
    }

    private void Judge(int node, Cell cell, HlcTimestamp before)
    {
        var isClaim = IsMajorityClaim(cell);
        var floor = isClaim ? _before[node] : before;
        if (cell.Stamp <= floor) _violation ??= $"n{node} wrote with stamp {cell.Stamp} after it had used {floor}";
        if (isClaim && !_claimed.Add((node, cell.Stamp))) _violation ??= $"n{node} wrote two claims with stamp {cell.Stamp}";
    }

    private bool IsMajorityClaim(Cell cell) =>
        cell.Key.Kind == CellKind.Status && work.Find(cell.Key.Workflow) is { IsMajority: true } && cell.Status.State == TaskState.Claimed;

    /// <inheritdoc/>
    public void OnSynced(int node, long records)
    {
        for (; records > 0; records--)
        {
            var stamp = _undurable[node].Dequeue();
            if (stamp > _durable.GetValueOrDefault(node)) _durable[node] = stamp;
        }
    }

    private static List<Cell> OwnCells(ReadOnlyMemory<byte> record)
    {
        var reader = new MessagePackReader(record);
        reader.ReadArrayHeader();
        var actor = reader.ReadUInt64();
        var cells = new List<Cell>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var frame = DeltaFrameCodec.Read(ref reader);
            if (frame.Actor == actor) cells.AddRange(frame.Cells);
        }

        return cells;
    }
}
