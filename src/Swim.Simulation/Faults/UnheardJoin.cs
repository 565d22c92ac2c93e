namespace Swim.Simulation.Faults;

/// <summary>A member joins while a split keeps a part of the others from hearing of it: rings disagree about who owns what, with work on both sides.</summary>
internal static class UnheardJoin
{
    /// <summary>Draws it.</summary>
    public static FaultKind Kind { get; } = new("unheard-join", 200, static _ => 1, static draw =>
    {
        var node = draw.AnyNode();
        var (at, duration) = draw.Window(3, 12);
        int[] others = [.. draw.Shuffled().Where(other => other != node)];
        var deaf = 1 + draw.Prng.Next(others.Length - 1);
        int[] hearing = [.. others[deaf..], node];
        draw.Plan.Add((TimeSpan.Zero, new AbsentFault(node)), (at + draw.Prng.Between(TimeSpan.Zero, duration / 2), new JoinFault(node)));
        draw.Plan.Split(at, duration, others[..deaf], hearing);
    })
    { NodesMin = 3 };
}
