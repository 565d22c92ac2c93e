using Swim.Simulation.Network;
using Swim.Simulation.Time;

namespace Swim.Simulation.Faults;

/// <summary>
/// What befalls a cluster and when. Written by hand or drawn from a seed (<see cref="FaultMix"/>). An entry is what is left out as a
/// whole when a run is made smaller: a fault with its end.
/// </summary>
public sealed class FaultPlan
{
    private readonly List<IReadOnlyList<(TimeSpan At, Fault Fault)>> _entries = [];

    /// <summary>All entries, in the order of planning; the number of one is its place.</summary>
    public IReadOnlyList<IReadOnlyList<(TimeSpan At, Fault Fault)>> Entries => _entries;

    /// <summary>How many of a kind are planned.</summary>
    public int CountOf<T>() where T : Fault => _entries.Sum(static entry => entry.Count(static planned => planned.Fault is T));

    /// <summary>Plans one fault, <paramref name="at"/> after the start of the run: an entry of its own.</summary>
    public FaultPlan Add(TimeSpan at, Fault fault) => Add((at, fault));

    /// <summary>Plans faults that belong together: one entry.</summary>
    public FaultPlan Add(params (TimeSpan At, Fault Fault)[] together)
    {
        _entries.Add(together);
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

    /// <summary>Plans a split: for so long neither side hears the other, or only streams.</summary>
    public FaultPlan Split(TimeSpan at, TimeSpan duration, IReadOnlyList<int> one, IReadOnlyList<int> other, bool onlyPackets = false) =>
        Add([.. Cut(at, duration, one, other, onlyPackets), .. Cut(at, duration, other, one, onlyPackets)]);

    /// <summary>Plans a one-way cut: for so long the second side hears nothing from the first, or only streams.</summary>
    public FaultPlan OneWay(TimeSpan at, TimeSpan duration, IReadOnlyList<int> from, IReadOnlyList<int> to, bool onlyPackets = false) =>
        Add(Cut(at, duration, from, to, onlyPackets));

    private static (TimeSpan At, Fault Fault)[] Cut(TimeSpan at, TimeSpan duration, IReadOnlyList<int> from, IReadOnlyList<int> to, bool onlyPackets) =>
        [(at, new CutFault(from, to) { OnlyPackets = onlyPackets }), (at + duration, new MendFault(from, to) { OnlyPackets = onlyPackets })];

    /// <summary>
    /// The same with only the entries of these numbers (null: all), for a cluster of which only the first <paramref name="nodes"/> are there,
    /// without what begins at <paramref name="until"/> or later. Other numbers than here: those left are counted anew.
    /// </summary>
    internal FaultPlan Kept(IReadOnlyList<int>? numbers, int nodes, TimeSpan until)
    {
        var kept = new FaultPlan();
        for (var number = 0; number < _entries.Count; number++)
        {
            if (numbers?.Contains(number) == false) continue;
            var entry = _entries[number].Where(planned => planned.At < until).Select(planned => (planned.At, Fault: planned.Fault.Within(nodes)));
            kept._entries.Add([.. entry.Where(static planned => planned.Fault is not null).Select(static planned => (planned.At, planned.Fault!))]);
        }

        return kept;
    }

    /// <summary>Puts everything planned into the cluster's time. Call once, at the start of the run.</summary>
    public void Arm(Simulator cluster)
    {
        foreach (var (at, fault) in _entries.SelectMany(static entry => entry)) cluster.Post(EventKind.Fault, -1, at, () => fault.Befall(cluster));
    }
}
