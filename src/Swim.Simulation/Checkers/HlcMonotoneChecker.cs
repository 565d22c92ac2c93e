using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>
/// The stamps of a node's own writes rise from record to record: within a life (<c>HlcMonotone</c>), and over a restart above all that an earlier life had
/// on its disk and so may have handed out (<c>HlcRestartMonotone</c>).
/// </summary>
internal sealed class HlcMonotoneChecker(bool isOverRestarts) : IChecker, IObserver
{
    private readonly SortedDictionary<int, HlcTimestamp> _last = [];
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
        _last[node] = isOverRestarts ? _durable.GetValueOrDefault(node) : default;
    }

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
        var (lowest, highest) = OwnStamps(record);
        _undurable[node].Enqueue(highest);
        if (highest == HlcTimestamp.Zero) return;
        if (lowest <= _last[node]) _violation ??= $"n{node} wrote with stamp {lowest} after it had used {_last[node]}";
        _last[node] = highest;
    }

    /// <inheritdoc/>
    public void OnSynced(int node, long records)
    {
        for (; records > 0; records--)
        {
            var stamp = _undurable[node].Dequeue();
            if (stamp > _durable.GetValueOrDefault(node)) _durable[node] = stamp;
        }
    }

    private static (HlcTimestamp Lowest, HlcTimestamp Highest) OwnStamps(ReadOnlyMemory<byte> record)
    {
        var (lowest, highest) = (new HlcTimestamp(ulong.MaxValue), HlcTimestamp.Zero);
        var reader = new MessagePackReader(record);
        reader.ReadArrayHeader();
        var actor = reader.ReadUInt64();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var frame = DeltaFrameCodec.Read(ref reader);
            if (frame.Actor != actor) continue;
            foreach (var cell in frame.Cells) (lowest, highest) = (Lower(lowest, cell.Stamp), Lower(highest, cell.Stamp) == highest ? cell.Stamp : highest);
        }

        return (lowest, highest);
    }

    private static HlcTimestamp Lower(HlcTimestamp one, HlcTimestamp other) => one < other ? one : other;
}
