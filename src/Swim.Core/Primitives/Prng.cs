namespace Swim.Core.Primitives;

/// <summary>
/// A small seeded random source (SplitMix64: Steele, Lea, Flood 2014). The same seed gives the same numbers on every machine.
/// Not for secrets. A core owns one; the host seeds it, the simulator from (run seed, node id).
/// </summary>
public sealed class Prng(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, <paramref name="bound"/>); the bound must be positive.</summary>
    public int Next(int bound)
    {
        Invariant.Holds(bound > 0, "Prng.Next needs a positive bound");
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>True in <paramref name="perMille"/> of 1,000 calls.</summary>
    public bool Chance(int perMille) => Next(1000) < perMille;

    /// <summary>A duration uniform in [<paramref name="min"/>, <paramref name="max"/>].</summary>
    public TimeSpan Between(TimeSpan min, TimeSpan max) =>
        max <= min ? min : new TimeSpan(min.Ticks + (long)Math.BigMul(NextUInt64(), (ulong)(max.Ticks - min.Ticks + 1), out _));

    /// <summary>Puts the list in random order (Fisher and Yates).</summary>
    public void Shuffle<T>(IList<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }
}
