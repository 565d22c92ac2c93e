using Swim.Core.Primitives;

namespace Swim.Simulation.Network;

/// <summary>What the network does to what it carries, the same on every link. Chances are in thousandths.</summary>
/// <param name="LostPerMille">Never arrives.</param>
/// <param name="DoubledPerMille">Arrives twice, each copy with its own delay.</param>
/// <param name="LatePerMille">Arrives up to <paramref name="LateMax"/> later than the delay says, so later ones overtake it.</param>
/// <param name="DelayMin">Shortest way.</param>
/// <param name="DelayMax">Longest way; the delay is uniform between the two, which also reorders.</param>
/// <param name="LateMax">How late a late one can be.</param>
public readonly record struct LinkConditions(
    int LostPerMille, int DoubledPerMille, int LatePerMille, TimeSpan DelayMin, TimeSpan DelayMax, TimeSpan LateMax)
{
    /// <summary>One data centre on a good day: 0.2 to 1 ms, nothing lost.</summary>
    public static readonly LinkConditions Calm = new(0, 0, 0, TimeSpan.FromMilliseconds(0.2), TimeSpan.FromMilliseconds(1), TimeSpan.Zero);

    /// <summary>Draws how long one packet is under way.</summary>
    public TimeSpan Delay(Prng prng)
    {
        var delay = prng.Between(DelayMin, DelayMax);
        return prng.Chance(LatePerMille) ? delay + prng.Between(TimeSpan.Zero, LateMax) : delay;
    }
}

/// <summary>What a stream between two nodes does when the network is bad.</summary>
public enum StreamManner : byte
{
    /// <summary>As TCP with short timeouts: in order, and a cut loses what is under way.</summary>
    Breaks,

    /// <summary>As TCP with long timeouts: in order, and a cut delays what is under way until it is mended, or loses it after a while.</summary>
    Holds,

    /// <summary>Worse than TCP: each frame fares as a datagram. The cores must stand it, since connections come and go.</summary>
    Harsh,
}
