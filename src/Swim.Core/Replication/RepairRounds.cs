using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Repairs with one member after another, always the one whose turn was longest ago: what pushes and rumours lost comes in the end. Not with one chosen
/// at random: among thirty the last one would wait four times as long for its turn, and so would the horizon of what may be forgotten.
/// </summary>
internal sealed class RepairRounds(ReplicaState state, Repairer repairer)
{
    private readonly SortedDictionary<NodeId, long> _turnTicks = [];
    private long _dueTicks;

    /// <summary>Opens an exchange where one is due.</summary>
    public void Tend()
    {
        if (state.Now.Ticks < _dueTicks) return;
        var third = state.Settings.RepairPeriod / 3;
        _dueTicks = state.Now.After(state.Prng.Between(state.Settings.RepairPeriod - third, state.Settings.RepairPeriod + third));
        if (Next() is not { } peer) return;
        _turnTicks[peer] = state.Now.Ticks;
        repairer.Open(peer);
    }

    // Of those that had none yet any: nodes that start together would else all begin with the same one.
    private NodeId? Next()
    {
        var peers = state.Placement.LivePeers.ToList();
        foreach (var gone in _turnTicks.Keys.Except(peers).ToList()) _turnTicks.Remove(gone);
        if (peers.Count == 0) return null;
        state.Prng.Shuffle(peers);
        return peers.MinBy(peer => _turnTicks.GetValueOrDefault(peer, long.MinValue));
    }
}
