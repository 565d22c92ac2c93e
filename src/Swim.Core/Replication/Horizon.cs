using Swim.Core.Clocks;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Up to when this node has heard everything that anybody held: the lowest of now less G, and of each other member that has not left, down or
/// not, the moment up to which this node has merged all that it held of the buckets both share, less the hint TTL. What was submitted
/// before is known here, whoever was cut off. Nothing of it is kept: after a start, and when the ring changed, everybody is heard anew.
/// </summary>
internal sealed class Horizon(ReplicaState state)
{
    private readonly SortedDictionary<NodeId, long> _heardMs = [];
    private ulong _ring;

    /// <summary>The placement changed: on another ring other buckets are shared.</summary>
    public void OnPlacement()
    {
        if (_ring == state.Placement.Map.Fingerprint) return;
        _ring = state.Placement.Map.Fingerprint;
        _heardMs.Clear();
    }

    /// <summary>An exchange ended in which this node merged all that the peer held at <paramref name="heardMs"/>, both on that ring.</summary>
    public void OnExchanged(NodeId peer, ulong ring, long heardMs)
    {
        if (ring == _ring) _heardMs[peer] = Math.Max(_heardMs.GetValueOrDefault(peer), heardMs);
    }

    /// <summary>
    /// Now, by the slowest clock of those heard, in milliseconds since 1970: one clock that runs ahead makes nothing older. Zero while
    /// somebody was not heard of.
    /// </summary>
    public long SlowestMs => HeardMs(0);

    /// <summary>The horizon; zero while some member was not heard of.</summary>
    public HlcTimestamp Value
    {
        get
        {
            var forgetting = state.Settings.Forgetting;
            var heardMs = Planted.Is(Mutant.FloorWithoutRepair) ? state.Now.WallMs : HeardMs((long)forgetting.HintTtl.TotalMilliseconds);
            var ms = Math.Min(state.Now.WallMs - (long)forgetting.Grace.TotalMilliseconds, heardMs);
            return ms <= 0 ? HlcTimestamp.Zero : HlcTimestamp.From(ms, 0);
        }
    }

    private long HeardMs(long hintTtlMs)
    {
        var lowest = state.Now.WallMs;
        foreach (var member in state.Placement.OtherHolders)
        {
            if (Planted.Is(Mutant.FloorWithoutTheDead) && state.Placement.IsDown(member)) continue;
            lowest = Math.Min(lowest, _heardMs.GetValueOrDefault(member) - hintTtlMs);
        }

        return lowest;
    }
}
