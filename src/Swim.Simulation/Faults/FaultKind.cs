using Swim.Core.Primitives;

namespace Swim.Simulation.Faults;

/// <summary>A kind of fault that a seed may have or not.</summary>
/// <param name="Name">Names it, and seeds what is drawn for it: kinds do not shift each other.</param>
/// <param name="PerMille">In so many of 1,000 runs it is there.</param>
/// <param name="TimesMax">How often at most, in a cluster of so many nodes; at least once is allowed.</param>
/// <param name="Plan">Plans it once.</param>
internal sealed record FaultKind(string Name, int PerMille, Func<int, int> TimesMax, Action<FaultDraw> Plan)
{
    /// <summary>Smaller clusters cannot have it.</summary>
    public int NodesMin { get; init; } = 1;

    /// <summary>Plans it as often as chance wants, or not at all.</summary>
    public void Draw(FaultDraw draw)
    {
        if (draw.Nodes < NodesMin || !draw.Prng.Chance(PerMille)) return;
        for (var times = 1 + draw.Prng.Next(Math.Max(1, TimesMax(draw.Nodes))); times > 0; times--) Plan(draw);
    }
}

/// <summary>What a kind of fault draws from and plans into.</summary>
/// <param name="Prng">Chance, for this kind alone.</param>
/// <param name="Nodes">How many nodes there are.</param>
/// <param name="From">When the first fault may begin.</param>
/// <param name="Until">When all have ended.</param>
/// <param name="Plan">Where faults go.</param>
internal sealed record FaultDraw(Prng Prng, int Nodes, TimeSpan From, TimeSpan Until, FaultPlan Plan)
{
    /// <summary>Any node.</summary>
    public int AnyNode() => Prng.Next(Nodes);

    /// <summary>A time and how long, in seconds; all of it before <see cref="Until"/>.</summary>
    public (TimeSpan At, TimeSpan Duration) Window(double shortestSeconds, double longestSeconds)
    {
        var (shortest, longest) = (TimeSpan.FromSeconds(shortestSeconds), TimeSpan.FromSeconds(longestSeconds));
        var at = Prng.Between(From, Until - shortest);
        var left = Until - at;
        return (at, Prng.Between(shortest < left ? shortest : left, longest < left ? longest : left));
    }

    /// <summary>All nodes in any order.</summary>
    public int[] Shuffled() => Prng.Order(Nodes);

    /// <summary>All nodes in two parts, none of them empty.</summary>
    public (int[] One, int[] Other) Sides()
    {
        var order = Shuffled();
        var size = 1 + Prng.Next(Nodes - 1);
        return (order[..size], order[size..]);
    }
}
