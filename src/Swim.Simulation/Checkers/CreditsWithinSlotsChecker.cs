using Swim.Core.Membership;
using Swim.Core.Replication;
using Swim.Simulation.Network;

namespace Swim.Simulation.Checkers;

/// <summary>
/// What an executor runs and what it has granted are together no more than its slots. Looked at while nothing has gone wrong yet: an
/// executor takes back the credits of a planner that it holds for dead, whose tasks may still come.
/// </summary>
internal sealed class CreditsWithinSlotsChecker : IChecker, IWatcher
{
    private readonly SortedDictionary<int, ReplicaCore> _lives = [];
    private bool _isOver;
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "CreditsWithinSlots";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        _isOver |= cluster.Network.Conditions != LinkConditions.Calm || cluster.Notices.Of<MemberSuspected>() > 0 || cluster.Nodes.Any(HasEnded);
        if (_isOver || _violation is not null) return;
        foreach (var node in cluster.UpNodes)
        {
            if (node.Scheduler is { } scheduler && scheduler.Running + scheduler.Granted > scheduler.Slots)
                _violation = $"n{node.Index} runs {scheduler.Running} and has granted {scheduler.Granted} of {scheduler.Slots} slots";
        }
    }

    private bool HasEnded(Nodes.SimNode node)
    {
        if (node.Replica is not { } life) return _lives.ContainsKey(node.Index);
        if (_lives.TryAdd(node.Index, life)) return false;
        return !ReferenceEquals(_lives[node.Index], life);
    }
}
