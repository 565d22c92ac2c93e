using Swim.Core.Membership;
using Swim.Core.Replication;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>What one run showed. Everything but <see cref="Real"/> is a function of <see cref="Spec"/>.</summary>
public sealed record RunResult
{
    /// <summary>Which run.</summary>
    public required RunSpec Spec { get; init; }

    /// <summary>How many entries its fault plan has.</summary>
    public required int Faults { get; init; }

    /// <summary>How many workflows clients submit.</summary>
    public required int Workflows { get; init; }

    /// <summary>When its faults end.</summary>
    public required TimeSpan HealAt { get; init; }

    /// <summary>The hash over every event.</summary>
    public required string TraceHash { get; init; }

    /// <summary>Virtual time at the end.</summary>
    public required TimeSpan Virtual { get; init; }

    /// <summary>Time that the run took; measured by whoever ran it.</summary>
    public TimeSpan Real { get; init; }

    /// <summary>Each promise by name, and what contradicts it, or null where it holds.</summary>
    public required IReadOnlyList<KeyValuePair<string, string?>> Checks { get; init; }

    /// <summary>Counts by name.</summary>
    public required IReadOnlyDictionary<string, long> Metrics { get; init; }

    /// <summary>True when every promise held.</summary>
    public bool IsOk => Checks.All(check => check.Value is null);

    /// <summary>The promises that did not hold, and what contradicts each.</summary>
    public IEnumerable<KeyValuePair<string, string>> Broken =>
        Checks.Where(static check => check.Value is not null).Select(static check => KeyValuePair.Create(check.Key, check.Value!));

    internal static RunResult Of(
        RunSpec spec, Simulator cluster, ScenarioPlan plan, Workload? work, IReadOnlyList<KeyValuePair<string, string?>> checks) => new()
        {
            Spec = spec,
            Faults = plan.Faults.Entries.Count,
            Workflows = work?.Submissions.Count ?? 0,
            HealAt = plan.HealAt,
            TraceHash = cluster.Timeline.Trace.ToString(),
            Virtual = cluster.Elapsed,
            Checks = checks,
            Metrics = Count(cluster, plan, work),
        };

    private static SortedDictionary<string, long> Count(Simulator cluster, ScenarioPlan plan, Workload? work)
    {
        var network = cluster.Network.Counters;
        var metrics = new SortedDictionary<string, long>(StringComparer.Ordinal)
        {
            ["events"] = cluster.Timeline.Trace.Count,
            ["datagrams"] = network.Datagrams,
            ["frames"] = network.Frames,
            ["bytes"] = network.Bytes,
            ["lost"] = network.Lost,
            ["checkpoints"] = cluster.Nodes.Sum(node => node.Checkpoints),
            ["syncs"] = cluster.Nodes.Sum(node => node.Syncs),
            ["crashes"] = plan.Faults.CountOf<CrashFault>(),
            ["cuts"] = plan.Faults.CountOf<CutFault>(),
            ["pauses"] = plan.Faults.CountOf<PauseFault>(),
            ["wipes"] = plan.Faults.CountOf<WipeFault>(),
            ["restores"] = plan.Faults.CountOf<RestoreFault>(),
            ["slow_disks"] = plan.Faults.CountOf<SlowDiskFault>(),
            ["late_joins"] = plan.Faults.CountOf<JoinFault>(),
            ["settled_ms"] = Math.Max(0, (long)(cluster.Elapsed - plan.HealAt).TotalMilliseconds),
            ["suspicions"] = cluster.Notices.Of<MemberSuspected>(),
            ["refutations"] = cluster.Notices.Of<MemberRefuted>(),
        };
        if (work is null) return metrics;
        metrics["submitted"] = work.Submissions.Count;
        metrics["acked"] = work.Acked.Count();
        metrics["excused"] = work.ExcusedCount;
        metrics["reads"] = work.Seen.Count;
        var merges = work.Runs.Select(run => cluster.UpNodes.Select(node => node.Replica?.Find(run)?.Merges).FirstOrDefault(static report => report is not null)).OfType<MergeReport>().ToList();
        metrics["ran_twice"] = merges.Sum(static report => report.TaskCount);
        metrics["given_losers"] = merges.Sum(static report => report.ConsumerCount);
        return metrics;
    }
}
