using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Simulation.Time;

namespace Swim.Simulation.Network;

/// <summary>Lets some of the pushes that nodes send come to their receivers a second time, up to minutes later: whatever is under way for long.</summary>
internal sealed class LateFrames(Simulator cluster) : IObserver
{
    private const int PerMille = 20;
    private static readonly TimeSpan Earliest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(200);
    private readonly Prng _prng = cluster.Draw("late frames");

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message)
    {
        if (message is not PushCells || !_prng.Chance(PerMille)) return;
        var frame = PeerCodec.Encode(message);
        cluster.Post(EventKind.Fault, to, _prng.Between(Earliest, Latest), () =>
        {
            if (cluster.Nodes[to].IsUp) ((IReceiver)cluster.Nodes[to]).OnFrame(from, frame);
        });
    }
}
