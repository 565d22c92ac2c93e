namespace Swim.Simulation.Checkers;

/// <summary>Every node that runs serves and plans: it has exchanged state with all others. One whose clock is off leaves that to them.</summary>
public sealed class AllPlanChecker : IChecker
{
    /// <inheritdoc/>
    public string Name => "AllPlan";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) =>
        cluster.UpNodes.FirstOrDefault(static node => node.Replica is null or { IsReady: false, ClockOffByMs: 0 }) is { } node ? $"n{node.Index} does not plan" : null;
}
