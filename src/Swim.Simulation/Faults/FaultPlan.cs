using Swim.Simulation.Network;
using Swim.Simulation.Time;

namespace Swim.Simulation.Faults;

/// <summary>What befalls a cluster and when. Written by hand or drawn from a seed (<see cref="FaultMix"/>).</summary>
public sealed class FaultPlan
{
    private readonly List<(TimeSpan At, Fault Fault)> _faults = [];

    /// <summary>Everything planned, in the order of planning.</summary>
    public IReadOnlyList<(TimeSpan At, Fault Fault)> Faults => _faults;

    /// <summary>How many of a kind are planned.</summary>
    public int CountOf<T>() where T : Fault => _faults.Count(planned => planned.Fault is T);

    /// <summary>Plans one fault, <paramref name="at"/> after the start of the run.</summary>
    public FaultPlan Add(TimeSpan at, Fault fault)
    {
        _faults.Add((at, fault));
        return this;
    }

    /// <summary>Plans a loss of so many thousandths of all packets from the start on.</summary>
    public FaultPlan Lossy(int perMille) =>
        Add(TimeSpan.Zero, new WeatherFault(LinkConditions.Calm with { LostPerMille = perMille }, StreamManner.Breaks));

    /// <summary>Plans crashes without restart.</summary>
    public FaultPlan CrashAt(TimeSpan at, IEnumerable<int> nodes, bool losesPower = false)
    {
        foreach (var node in nodes) Add(at, new CrashFault(node, losesPower));
        return this;
    }

    /// <summary>Plans a split: for so long neither side hears the other.</summary>
    public FaultPlan Split(TimeSpan at, TimeSpan duration, IReadOnlyList<int> one, IReadOnlyList<int> other) =>
        OneWay(at, duration, one, other).OneWay(at, duration, other, one);

    /// <summary>Plans a one-way cut: for so long the second side hears nothing from the first.</summary>
    public FaultPlan OneWay(TimeSpan at, TimeSpan duration, IReadOnlyList<int> from, IReadOnlyList<int> to) =>
        Add(at, new CutFault(from, to)).Add(at + duration, new MendFault(from, to));

    /// <summary>Puts everything planned into the cluster's time. Call once, at the start of the run.</summary>
    public void Arm(Simulator cluster)
    {
        foreach (var (at, fault) in _faults) cluster.Post(EventKind.Fault, -1, at, () => fault.Befall(cluster));
    }
}
