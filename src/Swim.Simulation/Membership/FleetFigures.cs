namespace Swim.Simulation.Membership;

/// <summary>What one run showed.</summary>
/// <param name="Scenario">Which scenario.</param>
/// <param name="Baseline">With which detector.</param>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Seed">What everything random came from.</param>
/// <param name="TraceHash">Everything that happened, as a hash.</param>
/// <param name="Events">How many events that were.</param>
/// <param name="Virtual">Virtual time it took.</param>
internal sealed record FleetFigures(string Scenario, string Baseline, int Nodes, ulong Seed, string TraceHash, long Events, TimeSpan Virtual)
{
    /// <summary>The promises: null where one held, else what broke it.</summary>
    public required IReadOnlyDictionary<string, string?> Checks { get; init; }

    /// <summary>The figures by name.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Real time it took.</summary>
    public TimeSpan Real { get; init; }

    /// <summary>True when every promise held.</summary>
    public bool IsOk => Checks.Values.All(static broken => broken is null);

    /// <summary>The command that does this run.</summary>
    public string Command => $"./scripts/sim.sh --membership {Scenario} --detector {Baseline} --nodes {Nodes} --seed {Seed}";

    /// <summary>A figure; 0 when the run has none of that name.</summary>
    public double this[string name] => Metrics.GetValueOrDefault(name);

    /// <summary>Takes the figures of a run that has ended.</summary>
    public static FleetFigures Of(FleetScenario scenario, int nodes, FleetRun run) =>
        new(scenario.Name, run.Baseline.Name, nodes, run.Seed, run.Fleet.Trace.ToString(), run.Fleet.Trace.Count, run.Fleet.Time)
        {
            Checks = run.Checks,
            Metrics = MetricsOf(run),
        };

    private static SortedDictionary<string, double> MetricsOf(FleetRun run)
    {
        var tally = run.Tally;
        var metrics = new SortedDictionary<string, double>(run.Extra, StringComparer.Ordinal)
        {
            ["false_deaths"] = tally.FalseDeaths.All,
            ["false_deaths_at_healthy"] = tally.FalseDeaths.AtHealthy,
            ["false_suspicions"] = tally.FalseSuspicions.All,
            ["false_suspicions_at_healthy"] = tally.FalseSuspicions.AtHealthy,
            ["deaths_of_faulty"] = tally.DeathsOfFaulty,
            ["healthy_removed"] = tally.HealthyRemoved,
            ["transitions_per_node"] = tally.FlipsOf.Average(),
            ["transitions_pair_max"] = tally.FlipsOfPairMax,
            ["views_max"] = run.ViewsMax,
            ["mistakes_after_stable"] = tally.MistakesAfterStable,
        };
        AddDetection(metrics, tally);
        AddTraffic(metrics, tally.Traffic.Rates(run.Fleet.Ticks));
        if (run.Heals.Count > 0) metrics["one_view_s"] = run.Heals.Max();
        foreach (var (name, value) in metrics.ToList()) metrics[name] = Math.Round(value, 3);
        return metrics;
    }

    private static void AddDetection(SortedDictionary<string, double> metrics, FleetTally tally)
    {
        if (tally.Detections.Count == 0) return;
        var noticed = tally.Detections.Where(static crash => crash.First is not null).ToList();
        metrics["crashes"] = tally.Detections.Count;
        metrics["undetected_pairs"] = tally.Undetected();
        foreach (var (name, share) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            metrics[$"first_detection_{name}_s"] = Quantile.Of(noticed.Select(static crash => crash.First!.Value.TotalSeconds), share);
            metrics[$"full_detection_{name}_s"] = Quantile.Of(noticed.Select(static crash => crash.Last!.Value.TotalSeconds), share);
        }
    }

    private static void AddTraffic(SortedDictionary<string, double> metrics, (double MessagesMean, double KilobytesMean, double KilobytesP99, double KilobytesMax) rates)
    {
        metrics["messages_per_node_s"] = rates.MessagesMean;
        metrics["kb_per_node_s_mean"] = rates.KilobytesMean;
        metrics["kb_per_node_s_p99"] = rates.KilobytesP99;
        metrics["kb_per_node_s_max"] = rates.KilobytesMax;
    }
}
