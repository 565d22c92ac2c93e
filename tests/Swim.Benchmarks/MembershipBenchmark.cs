using System.Diagnostics;
using System.Globalization;

namespace Swim.Benchmarks;

/// <summary>
/// Membership of real processes on loopback: how long a newcomer takes to be known to all, and a dead member to be found so by all that are left; what a
/// member costs while nothing happens. The same for each kind of member in one run, so that the machine is the same.
/// </summary>
internal sealed class MembershipBenchmark(string work, IReadOnlyList<AgentKind> kinds)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private const double TimesQuicker = 2;

    /// <summary>Every measure, and how many times quicker the first kind finds the dead than the second.</summary>
    public IReadOnlyList<Measure> Run()
    {
        var measures = new List<Measure>();
        foreach (var (nodes, kills) in new[] { (5, 2), (32, 5) })
        {
            foreach (var kind in kinds) measures.AddRange(Measures(kind, nodes, kills));
            var medians = kinds.Select(kind => measures.First(measure => measure.Id == Id(nodes, kind, "detected_by_all/p50")).Value).ToList();
            if (medians.Count == 2) measures.Add(new Measure($"membership/n{nodes}/times_quicker", medians[1] / medians[0], "1", Better.Higher, TimesQuicker));
        }

        return measures;
    }

    private List<Measure> Measures(AgentKind kind, int nodes, int kills)
    {
        var agents = new List<AgentProcess>();
        try
        {
            Start(agents, kind, nodes - 1);
            var join = Join(agents, kind);
            var idle = Idle(agents, kind, nodes).ToList();
            var detected = new Distribution([.. Enumerable.Range(0, kills).Select(_ => Detect(agents))]);
            return
            [
                Lower(nodes, kind, "join_from_start", join.FromStart.TotalSeconds, "s"),
                Lower(nodes, kind, "join_from_ready", join.FromReady.TotalSeconds, "s"),
                Lower(nodes, kind, "detected_by_all/p50", detected.At(0.5) / 1000, "s"),
                Lower(nodes, kind, "detected_by_all/max", detected.At(1) / 1000, "s"),
                .. idle,
            ];
        }
        finally
        {
            foreach (var agent in agents) agent.Kill();
            foreach (var agent in agents) agent.Dispose();
        }
    }

    private void Start(List<AgentProcess> agents, AgentKind kind, int count)
    {
        Add(agents, kind);
        Await(agents, "the first member is ready", () => agents[0].Address is not null);
        while (agents.Count < count) Add(agents, kind);
        Await(agents, "all know all", () => agents.All(agent => agent.Known == count - 1));
        Thread.Sleep(Settle);
    }

    // Until the newcomer knows all and all know it.
    private (TimeSpan FromStart, TimeSpan FromReady) Join(List<AgentProcess> agents, AgentKind kind)
    {
        var newcomer = Add(agents, kind);
        var others = agents.Where(agent => agent != newcomer).ToList();
        Await(agents, "a newcomer and all others know each other", () => newcomer.Address is not null && newcomer.Known == others.Count && others.All(agent => agent.LastJoin([newcomer.Name]) is not null));
        var known = Math.Max(newcomer.LastJoin(others.Select(static agent => agent.Name))!.Value, others.Max(agent => agent.LastJoin([newcomer.Name])!.Value));
        return (Stopwatch.GetElapsedTime(newcomer.StartedTicks, known), Stopwatch.GetElapsedTime(Math.Min(newcomer.ReadyTicks, known), known));
    }

    private static IEnumerable<Measure> Idle(List<AgentProcess> agents, AgentKind kind, int nodes)
    {
        Thread.Sleep(Settle);
        var (membership, all) = (Used(agents, ofMembership: true), Used(agents, ofMembership: false));
        var began = Stopwatch.GetTimestamp();
        Thread.Sleep(Quiet);
        var memberSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds * agents.Count;
        if (kind.Threads.Count > 0) yield return Lower(nodes, kind, "idle_cpu_membership", 1000 * (Used(agents, ofMembership: true) - membership) / memberSeconds, "ms/s");
        yield return Lower(nodes, kind, "idle_cpu", 1000 * (Used(agents, ofMembership: false) - all) / memberSeconds, "ms/s");
        yield return Lower(nodes, kind, "memory", agents.Average(static agent => agent.MegaBytes()), "MB");
    }

    private static double Used(List<AgentProcess> agents, bool ofMembership) => agents.Sum(agent => agent.CpuSeconds(ofMembership));

    private static TimeSpan Detect(List<AgentProcess> agents)
    {
        var victim = agents[^1];
        agents.Remove(victim);
        var killed = Stopwatch.GetTimestamp();
        victim.Dispose();
        Await(agents, $"{victim.Name} is found dead", () => agents.All(agent => agent.FailureOf(victim.Name) is not null));
        Thread.Sleep(Settle);
        return Stopwatch.GetElapsedTime(killed, agents.Max(agent => agent.FailureOf(victim.Name)!.Value));
    }

    private AgentProcess Add(List<AgentProcess> agents, AgentKind kind)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"m{agents.Count}");
        var data = Directory.CreateDirectory(Path.Combine(work, $"{kind.Name}-{Guid.NewGuid():N}")).FullName;
        var agent = new AgentProcess(kind, name, agents.FirstOrDefault()?.Address, data);
        agents.Add(agent);
        return agent;
    }

    private static void Await(List<AgentProcess> agents, string what, Func<bool> isSo)
    {
        for (var began = Stopwatch.GetTimestamp(); !isSo(); Thread.Sleep(5))
        {
            if (Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"Not within {Patience}: {what}. The last member's last words:\n{agents[^1].LastWords}");
        }
    }

    private static string Id(int nodes, AgentKind kind, string what) => string.Create(CultureInfo.InvariantCulture, $"membership/n{nodes}/{kind.Name}/{what}");

    private static Measure Lower(int nodes, AgentKind kind, string what, double value, string unit) => new(Id(nodes, kind, what), value, unit, Better.Lower);
}
