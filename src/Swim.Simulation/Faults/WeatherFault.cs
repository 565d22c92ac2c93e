using Swim.Core.Primitives;
using Swim.Simulation.Network;

namespace Swim.Simulation.Faults;

/// <summary>From now on every link behaves otherwise.</summary>
public sealed record WeatherFault(LinkConditions Conditions, StreamManner Manner) : Fault
{
    /// <summary>Loss, doubling, delay and reordering from the start of the faults on, in every run: each of them there or not.</summary>
    internal static FaultKind Kind { get; } = new("weather", 1_000, static _ => 1, static draw =>
        draw.Plan.Add(draw.From, new WeatherFault(DrawConditions(draw.Prng), (StreamManner)draw.Prng.Next(3))));

    internal override void Befall(Simulator cluster) => (cluster.Network.Conditions, cluster.Network.Manner) = (Conditions, Manner);

    private static LinkConditions DrawConditions(Prng prng) => new(
        prng.Chance(500) ? 10 + prng.Next(200) : 0,
        prng.Chance(400) ? 10 + prng.Next(200) : 0,
        prng.Chance(400) ? 10 + prng.Next(100) : 0,
        TimeSpan.FromMilliseconds(0.2),
        TimeSpan.FromMilliseconds(prng.Chance(300) ? 1 + prng.Next(150) : 1),
        prng.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2)));
}
