using Swim.Simulation.Network;

namespace Swim.Simulation.Faults;

/// <summary>Nothing gets from the one side to the other any more.</summary>
public sealed record CutFault(IReadOnlyList<int> From, IReadOnlyList<int> To) : Fault
{
    /// <summary>True: no packets get through, but streams and calls do.</summary>
    public bool OnlyPackets { get; init; }

    /// <summary>Two sides, neither of which hears the other.</summary>
    internal static FaultKind Split { get; } = new("split", 500, static _ => 3, static draw =>
    {
        var (one, other) = draw.Sides();
        var (at, duration) = draw.Window(1, 12);
        draw.Plan.Split(at, duration, one, other);
    })
    { NodesMin = 2 };

    /// <summary>Two sides, one of which does not hear the other.</summary>
    internal static FaultKind OneWay { get; } = new("one-way", 400, static _ => 3, static draw =>
    {
        var (one, other) = draw.Sides();
        var (at, duration) = draw.Window(1, 10);
        draw.Plan.OneWay(at, duration, one, other);
    })
    { NodesMin = 2 };

    /// <summary>One node is cut off and heard again, over and over.</summary>
    internal static FaultKind Flap { get; } = new("flap", 250, static _ => 1, static draw =>
    {
        var order = draw.Shuffled();
        var period = draw.Prng.Between(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(4));
        for (var at = draw.From; at + period < draw.Until; at += 2 * period) draw.Plan.Split(at, period, order[..1], order[1..]);
    })
    { NodesMin = 2 };

    /// <summary>Packets get through in one direction at most, streams in both.</summary>
    internal static FaultKind Packets { get; } = new("packets", 250, static _ => 2, static draw =>
    {
        var (one, other) = draw.Sides();
        var (at, duration) = draw.Window(1, 12);
        if (draw.Prng.Chance(500)) draw.Plan.OneWay(at, duration, one, other, onlyPackets: true);
        else draw.Plan.Split(at, duration, one, other, onlyPackets: true);
    })
    { NodesMin = 2 };

    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Cuts.Within(From, To, nodes) is var (from, to) ? this with { From = from, To = to } : null;

    internal override void Befall(Simulator cluster) => Of(cluster.Network, OnlyPackets).Cut(From, To);

    internal static Cuts Of(SimNetwork network, bool onlyPackets) => onlyPackets ? network.PacketCuts : network.Cuts;
}

/// <summary>One <see cref="CutFault"/> of the same sides is over.</summary>
public sealed record MendFault(IReadOnlyList<int> From, IReadOnlyList<int> To) : Fault
{
    /// <summary>As in <see cref="CutFault.OnlyPackets"/>.</summary>
    public bool OnlyPackets { get; init; }

    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Cuts.Within(From, To, nodes) is var (from, to) ? this with { From = from, To = to } : null;

    internal override void Befall(Simulator cluster) => CutFault.Of(cluster.Network, OnlyPackets).Mend(From, To);
}
