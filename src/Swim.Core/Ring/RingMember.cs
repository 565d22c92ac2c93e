using Swim.Core.Primitives;

namespace Swim.Core.Ring;

/// <summary>One member that has a place on the ring: alive, suspect or dead, but neither left nor removed.</summary>
/// <param name="Id">Its stable identity; tokens are hashed from it, never from an address.</param>
/// <param name="Zone">The failure domain, compared ordinally; empty is a zone like any other.</param>
/// <param name="Weight">Its share relative to others. Values outside [1, <see cref="WeightMax"/>] count as the nearer end.</param>
public readonly record struct RingMember(NodeId Id, string Zone, int Weight = 1)
{
    /// <summary>The largest weight that counts; bounds the ring, because weights come from other nodes.</summary>
    public const int WeightMax = 16;

    /// <summary>How many tokens this member places on the ring.</summary>
    internal int TokenCount => HashRing.TokensPerWeight * EffectiveWeight;

    /// <summary>The weight that counts.</summary>
    internal int EffectiveWeight => Math.Clamp(Weight, 1, WeightMax);
}
