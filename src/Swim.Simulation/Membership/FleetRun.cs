namespace Swim.Simulation.Membership;

/// <summary>One run of a scenario: the fleet and what is found about it. The scenario does to the fleet what it is about, step by step.</summary>
internal sealed class FleetRun
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly SortedSet<int> _sizes = [];
    private readonly HashSet<ulong> _views = [];
    private readonly List<double> _heals = [];

    /// <summary>A run with so many places, none of them started.</summary>
    public FleetRun(int places, ulong seed, Baseline baseline)
    {
        (Seed, Baseline) = (seed, baseline);
        Fleet = new Fleet(places, seed, baseline.Options);
    }

    /// <summary>What everything random comes from.</summary>
    public ulong Seed { get; }

    /// <summary>Which detector the nodes have.</summary>
    public Baseline Baseline { get; }

    /// <summary>The nodes.</summary>
    public Fleet Fleet { get; }

    /// <summary>What was seen.</summary>
    public FleetTally Tally => Fleet.Tally;

    /// <summary>What must hold: null where it did, else what did not.</summary>
    public SortedDictionary<string, string?> Checks { get; } = new(StringComparer.Ordinal);

    /// <summary>Figures that only this scenario has.</summary>
    public SortedDictionary<string, double> Extra { get; } = new(StringComparer.Ordinal);

    /// <summary>The most different tables held at one moment.</summary>
    public int ViewsMax { get; private set; }

    /// <summary>How many different numbers of members were held by somebody at some time.</summary>
    public int ViewSizes => _sizes.Count;

    /// <summary>How long it took until all held the same, after each thing that was done, in seconds.</summary>
    public IReadOnlyList<double> Heals => _heals;

    /// <summary>Begins to count traffic.</summary>
    public void Measure() => Tally.Traffic.Begin(Fleet.Ticks);

    /// <summary>Lets time pass and looks at the views meanwhile.</summary>
    public void Pass(TimeSpan duration)
    {
        var end = Fleet.Ticks + duration.Ticks;
        while (Fleet.Ticks < end)
        {
            Fleet.RunFor(TimeSpan.FromTicks(Math.Min(Step.Ticks, end - Fleet.Ticks)));
            Look();
        }
    }

    /// <summary>Lets time pass until something is so; notes how long that took. False when it was not within <paramref name="most"/>.</summary>
    public bool PassUntil(Func<bool> isSo, TimeSpan most)
    {
        var (from, end) = (Fleet.Ticks, Fleet.Ticks + most.Ticks);
        while (!isSo())
        {
            if (Fleet.Ticks >= end) return false;
            Pass(Step);
        }

        _heals.Add(TimeSpan.FromTicks(Fleet.Ticks - from).TotalSeconds);
        return true;
    }

    /// <summary>Lets time pass until all hold the same and the truth; this is checked.</summary>
    public void PassUntilTrue(TimeSpan most) =>
        Checks["OneTrueView"] = PassUntil(() => Fleet.HasOneView() && Tally.Undetected() == 0 && Tally.Wrong() == 0, most)
            ? null
            : $"after {most.TotalSeconds} s: one view is {Fleet.HasOneView()}, {Tally.Undetected()} deaths are unknown, {Tally.Wrong()} pairs are wrong";

    /// <summary>Draws so many of the first <paramref name="among"/> places.</summary>
    public List<int> Draw(int count, int among)
    {
        var places = Enumerable.Range(0, among).ToList();
        Fleet.Prng.Shuffle(places);
        return places[..count];
    }

    /// <summary>Checks strong completeness: who crashed is dead everywhere.</summary>
    public void CheckComplete()
    {
        var undetected = Tally.Undetected();
        Checks["CrashedFoundByAll"] = undetected == 0 ? null : $"{undetected} times a node does not hold a crashed one for dead";
    }

    /// <summary>Checks eventual strong accuracy: since <see cref="FleetTally.MarkStable"/> no running member was suspected, and all are held alive.</summary>
    public void CheckAccurate()
    {
        var (mistakes, wrong) = (Tally.MistakesAfterStable, Tally.Wrong());
        Checks["EventuallyAccurate"] = mistakes == 0 && wrong == 0 ? null : $"{mistakes} mistakes after stabilisation, {wrong} pairs wrong at the end";
    }

    /// <summary>Checks that no member without a fault was removed by anybody.</summary>
    public void CheckNoHealthyRemoved() =>
        Checks["NoHealthyRemoved"] = Tally.HealthyRemoved == 0 ? null : $"{Tally.HealthyRemoved} members without a fault were held dead, {Tally.FalseDeaths.All} times";

    private void Look()
    {
        _views.Clear();
        foreach (var node in Fleet.Nodes)
        {
            if (node.Core is not { } core) continue;
            _views.Add(core.Fingerprint);
            _sizes.Add(core.LiveCount);
        }

        ViewsMax = Math.Max(ViewsMax, _views.Count);
    }
}
