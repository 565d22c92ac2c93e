using System.Globalization;
using Swim.Core.Primitives;

namespace Swim.Simulation.Membership;

/// <summary>
/// The interval experiment of Lifeguard (Dadgar, Phillips, Currey 2018, section V): of 128 members C at a time are blocked, all at
/// once, for a duration D and then left alone for an interval I, over and over for two minutes. A blocked member neither sends nor
/// receives, and its loop that probes hangs in the sending, while suspicions run out; what waited goes its way at the end. Counted are deaths said of members that were never blocked.
/// </summary>
internal static class SweepScenario
{
    /// <summary>Some cells, for every day.</summary>
    public static readonly FleetScenario Short = new("sweep", "Lifeguard's blocked members, 12 cells", 128, static (_, _) => { })
    {
        Many = static (nodes, seed, baseline) => Run("sweep", ShortCells, nodes, seed, baseline),
    };

    /// <summary>All cells.</summary>
    public static readonly FleetScenario Full = new("sweep-full", "Lifeguard's blocked members, all 288 cells (minutes)", 128, static (_, _) => { })
    {
        Many = static (nodes, seed, baseline) => Run("sweep-full", FullCells, nodes, seed, baseline),
    };

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(30);

    /// <summary>One cell of the table.</summary>
    /// <param name="Blocked">C.</param>
    /// <param name="DurationMs">D.</param>
    /// <param name="GapMs">I.</param>
    internal readonly record struct Cell(int Blocked, int DurationMs, int GapMs);

    private static List<Cell> ShortCells => Cells([4, 32], [2048, 16384, 32768], [16, 1024]);

    private static List<Cell> FullCells => Cells([1, 2, 4, 8, 16, 32], [128, 512, 2048, 8192, 16384, 32768], [1, 4, 16, 64, 256, 1024, 4096, 16384]);

    /// <summary>Plays one cell.</summary>
    internal static void Play(FleetRun run, int nodes, Cell cell)
    {
        run.Fleet.StartTogether(nodes);
        run.Fleet.RunFor(Quiet);
        run.Measure();
        var blocked = run.Draw(Math.Min(cell.Blocked, nodes), nodes);
        foreach (var place in blocked) run.Tally.MarkFaulty(place);
        var end = run.Fleet.Time + Trouble;
        while (run.Fleet.Time < end)
        {
            foreach (var place in blocked) run.Fleet.Block(place, TimeSpan.FromMilliseconds(cell.DurationMs));
            run.Fleet.RunFor(TimeSpan.FromMilliseconds(cell.DurationMs));
            run.Fleet.RunFor(TimeSpan.FromMilliseconds(cell.GapMs));
        }

        run.Fleet.RunFor(After);
    }

    private static FleetFigures Run(string name, List<Cell> cells, int nodes, ulong seed, Baseline baseline)
    {
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var (hash, events, time) = (0UL, 0L, TimeSpan.Zero);
        foreach (var cell in cells)
        {
            var run = new FleetRun(nodes, StableHash.Of(seed, (ulong)cell.Blocked, (ulong)(cell.DurationMs * 100_000L + cell.GapMs)), baseline);
            Play(run, nodes, cell);
            (hash, events, time) = (StableHash.Of(hash, run.Fleet.Trace.Value), events + run.Fleet.Trace.Count, time + run.Fleet.Time);
            Add(sums, run);
        }

        sums["cells"] = cells.Count;
        return new FleetFigures(name, baseline.Name, nodes, seed, hash.ToString("x16", CultureInfo.InvariantCulture), events, time)
        {
            Checks = new SortedDictionary<string, string?>(StringComparer.Ordinal),
            Metrics = sums,
        };
    }

    private static void Add(SortedDictionary<string, double> sums, FleetRun run)
    {
        void Sum(string name, double value) => sums[name] = sums.GetValueOrDefault(name) + value;
        Sum("false_deaths", run.Tally.FalseDeaths.All);
        Sum("false_deaths_at_healthy", run.Tally.FalseDeaths.AtHealthy);
        Sum("false_suspicions", run.Tally.FalseSuspicions.All);
        Sum("false_suspicions_at_healthy", run.Tally.FalseSuspicions.AtHealthy);
        Sum("deaths_of_faulty", run.Tally.DeathsOfFaulty);
        Sum("messages", run.Tally.Traffic.Messages);
        Sum("kilobytes", Math.Round(run.Tally.Traffic.Bytes / 1000));
    }

    private static List<Cell> Cells(int[] blocked, int[] durations, int[] gaps) =>
        [.. from count in blocked from duration in durations from gap in gaps select new Cell(count, duration, gap)];
}
