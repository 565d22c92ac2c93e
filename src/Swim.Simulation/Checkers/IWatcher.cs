namespace Swim.Simulation.Checkers;

/// <summary>A checker that looks at the cluster every quarter of a virtual second, in very long runs less often, from start to end.</summary>
internal interface IWatcher
{
    /// <summary>Looks, and changes nothing.</summary>
    void Look(Simulator cluster);
}
