using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>The writes that a message tells.</summary>
internal static class Frames
{
    /// <summary>New writes, pushed or passed on as rumours.</summary>
    public static IEnumerable<DeltaFrame> OfNews(PeerMessage message) => message switch
    {
        PushCells push => push.Frames,
        GossipCells gossip => gossip.Rumours.Select(static rumour => rumour.Frame),
        _ => [],
    };

    /// <summary>The same, and what repair sends.</summary>
    public static IEnumerable<DeltaFrame> Of(PeerMessage message) => message is RepairCells repair ? [repair.Frame] : OfNews(message);
}
