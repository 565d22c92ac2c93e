using Swim.Core.Clocks;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// Nothing is collected that anybody held open, or wrote within the retention, whoever was cut off; nothing that was not collected is set
/// aside; and what was acked is held by somebody or was collected.
/// </summary>
internal sealed class NoLiveLossChecker(Workload work) : IChecker, IObserver, IWatcher
{
    private const long SkewMs = 200;
    private readonly Dictionary<WorkflowId, Life> _lives = [];
    private readonly HashSet<WorkflowId> _collected = [];
    private readonly HashSet<int> _setBack = [];
    private Owners? _owners;
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "NoLiveLoss";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation ?? FindLost(cluster);

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        foreach (var node in cluster.UpNodes)
        {
            foreach (var bucket in node.Replica!.Held)
            {
                foreach (var cells in bucket.Workflows) Note(node.Index, cells);
            }
        }

        foreach (var node in cluster.UpNodes)
        {
            foreach (var tombstone in node.Replica!.Held.SelectMany(static bucket => bucket.Forgotten.Tombstones))
                Judge(tombstone.Cell, cluster.World.Forgetting);
        }

        foreach (var node in cluster.UpNodes)
        {
            foreach (var bucket in node.Replica!.Held.Where(static bucket => bucket.Forgotten.Aside.Count > 0)) JudgeAside(cluster, node, bucket);
        }
    }

    /// <inheritdoc/>
    public void OnDiskSetBack(int node, bool toBackup) => _setBack.Add(node);

    // A stand-in may: its copy of what was collected while it was away comes back to nobody. A home owner had the tombstone, unless its disk is older.
    private void JudgeAside(Simulator cluster, SimNode node, Bucket bucket)
    {
        _owners ??= new Owners(cluster);
        var isHome = _owners.IsHome(node, bucket.Number) && !_setBack.Contains(node.Index);
        var lost = bucket.Forgotten.Aside.FirstOrDefault(cell => isHome || !_collected.Contains(cell.Key.Workflow));
        if (lost is not null) _violation ??= $"n{node.Index} has set {lost.Key.Workflow} aside, {(isHome ? "as its home owner" : "which was not collected")}";
    }

    private void Note(int node, WorkflowCells cells)
    {
        if (!_lives.TryGetValue(cells.Id, out var life)) _lives[cells.Id] = life = new Life();
        if (life.Versions.TryGetValue(node, out var version) && version == (cells, cells.Version)) return;
        life.Versions[node] = (cells, cells.Version);
        var latest = cells.All.Max(static cell => cell.Stamp);
        // A late frame gives who has it no more a part of it, which says nothing of where it stood.
        if (latest > life.Latest || (latest == life.Latest && cells.Run is not null)) (life.Latest, life.Node, life.HasEnded) = (latest, node, HasEnded(cells));
    }

    private void Judge(Cell tombstone, ForgettingOptions forgetting)
    {
        if (!_collected.Add(tombstone.Key.Workflow) || !_lives.TryGetValue(tombstone.Key.Workflow, out var life)) return;
        var ageMs = tombstone.Stamp.PhysicalMs - life.Latest.PhysicalMs;
        if (ageMs < forgetting.Retention.TotalMilliseconds - SkewMs)
            _violation ??= $"{tombstone.Key.Workflow} was collected {ageMs} ms after n{life.Node} wrote in it";
        if (!life.HasEnded) _violation ??= $"{tombstone.Key.Workflow} was collected and n{life.Node}, which wrote last in it, holds it open";
    }

    private static bool HasEnded(WorkflowCells cells) => cells.Run is { } run && run.Outcome.IsTerminal();

    // Whatever a client was promised is held by somebody, in memory or on the disk of a node that is down, unless it was collected.
    private string? FindLost(Simulator cluster)
    {
        if (cluster.Nodes.Any(static node => !node.IsUp)) return null;
        foreach (var submission in work.Acked)
        {
            var isKept = _collected.Contains(submission.Id) || cluster.Nodes.Any(node => node.Replica!.Find(submission.Id) is not null || node.Replica.HasTombstone(submission.Id));
            if (!isKept) return $"{submission.Id}, which was acked {submission.Acked}, is nowhere and was not collected";
        }

        return null;
    }

    private sealed class Life
    {
        public HlcTimestamp Latest { get; set; }
        public int Node { get; set; }
        public bool HasEnded { get; set; }
        public Dictionary<int, (WorkflowCells Cells, long Version)> Versions { get; } = [];
    }
}
