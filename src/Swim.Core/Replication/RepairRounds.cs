namespace Swim.Core.Replication;

/// <summary>Repairs with one member chosen at random again and again: what pushes and rumours lost comes in the end.</summary>
internal sealed class RepairRounds(ReplicaState state, Repairer repairer)
{
    private long _dueTicks;

    /// <summary>Opens an exchange where one is due.</summary>
    public void Tend()
    {
        if (state.Now.Ticks < _dueTicks) return;
        var third = state.Settings.RepairPeriod / 3;
        _dueTicks = state.Now.After(state.Prng.Between(state.Settings.RepairPeriod - third, state.Settings.RepairPeriod + third));
        var peers = state.Placement.LivePeers.ToList();
        if (peers.Count > 0) repairer.Open(peers[state.Prng.Next(peers.Count)]);
    }
}
