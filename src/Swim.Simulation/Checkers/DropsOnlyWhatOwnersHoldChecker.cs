using MessagePack;
using Swim.Core.Replication;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// When a node drops a bucket, every home owner in its view has each cell of it, or a greater one in its place, in its log. Kept by
/// following the logs of all nodes. An owner that gave the bucket away itself meanwhile is not asked.
/// </summary>
internal sealed class DropsOnlyWhatOwnersHoldChecker(Workload work) : IChecker, IObserver
{
    private readonly Dictionary<(int Node, int Bucket), Dictionary<CellKey, Cell>> _logs = [];
    private readonly HashSet<(int Node, int Bucket)> _dropped = [];
    private readonly SortedSet<int> _restarted = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "DropsOnlyWhatOwnersHold";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnRecovered(int node, long position) => _restarted.Add(node);

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
        if (_restarted.Remove(node)) Begin(node);
        var reader = new MessagePackReader(record);
        var fields = reader.ReadArrayHeader();
        reader.ReadUInt64();
        var frames = new List<DeltaFrame>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--) frames.Add(DeltaFrameCodec.Read(ref reader));
        if (fields > 3) TakeDrops(node, ref reader);
        foreach (var frame in frames)
        {
            foreach (var cell in frame.Cells) Take(node, frame.Bucket, cell);
        }
    }

    // What a crash took from the log it does not hold; what it found it does, with what this first record wrote.
    private void Begin(int node)
    {
        foreach (var key in _logs.Keys.Where(key => key.Node == node).ToList()) _logs.Remove(key);
        foreach (var bucket in work.Cluster.Nodes[node].Replica?.Held ?? [])
        {
            foreach (var cell in bucket.Cells) Take(node, bucket.Number, cell);
        }
    }

    private void TakeDrops(int node, ref MessagePackReader reader)
    {
        reader.Skip();
        for (var left = reader.ReadArrayHeader() / 2; left > 0; left--)
        {
            var bucket = reader.ReadInt32();
            reader.ReadUInt64();
            if (_logs.Remove((node, bucket), out var cells)) Compare(node, bucket, cells);
            _dropped.Add((node, bucket));
        }
    }

    private void Compare(int node, int bucket, Dictionary<CellKey, Cell> cells)
    {
        foreach (var home in work.Cluster.Nodes[node].Replica!.Placement!.Map.HomeOwners(bucket).ToArray())
        {
            var owner = work.Cluster.World.IndexOf(home);
            if (_dropped.Contains((owner, bucket))) continue;
            var log = _logs.GetValueOrDefault((owner, bucket));
            foreach (var (key, cell) in cells)
            {
                if (log?.GetValueOrDefault(key) is not { } held || held.CompareTo(cell) < 0)
                    _violation ??= $"n{node} dropped bucket {bucket}, and n{owner}, who owns it, lacks a {key.Kind} cell of {key.Workflow}";
            }
        }
    }

    private void Take(int node, int bucket, Cell cell)
    {
        if (!_logs.TryGetValue((node, bucket), out var cells)) _logs[(node, bucket)] = cells = [];
        if (!cells.TryGetValue(cell.Key, out var old) || old.CompareTo(cell) < 0) cells[cell.Key] = cell;
    }
}
