using Swim.Core.Clocks;

namespace Swim.Simulation.Checkers;

/// <summary>
/// The one clock that is wrong moves no other node's: none goes further ahead of the true time than a stamp may be, its own skew included. That it stops none is
/// what the promises about ends and answers show, which hold in the same run while it stays wrong.
/// </summary>
internal sealed class OneClockStopsNobodyChecker(int bad) : IChecker, IWatcher
{
    // Each node's skew, up to 50 ms, is within its own idea of how far ahead a stamp may be.
    private const long AheadMsMax = HybridLogicalClock.AcceptAheadMs + 60;

    private string? _violation;

    /// <inheritdoc/>
    public string Name => "OneClockStopsNobody";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        foreach (var node in cluster.UpNodes.Where(node => node.Index != bad))
        {
            var aheadMs = node.Replica!.LastStamp.PhysicalMs - cluster.TrueMs;
            if (node.Replica!.LastStamp != HlcTimestamp.Zero && aheadMs > AheadMsMax) _violation ??= $"n{node.Index} is {aheadMs} ms ahead of the true time";
            if (node.Replica!.ClockOffByMs != 0) _violation ??= $"n{node.Index}, whose clock is right, holds it for off by {node.Replica!.ClockOffByMs} ms";
        }
    }
}
