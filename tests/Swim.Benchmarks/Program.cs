using System.Globalization;
using Swim.Benchmarks;
using Swim.Client;

// swim-bench NAME ONE THREE DIRECTORY COMMIT SECONDS: a node that is alone and one of three; scripts/bench.sh starts them and calls this.
if (args is ["state", var built, var work, .. var only])
{
    var parts = new (string Name, Func<Task<IReadOnlyList<Measure>>> RunAsync)[]
    {
        ("cells", static () => Task.FromResult(StateBenchmark.Run())),
        ("orset", static () => Task.FromResult(OrSetBenchmark.Run())),
        ("durable", () => Task.FromResult(Durable(work, 0))),
        ("paced", () => Task.FromResult(Durable(work, 200_000))),
        ("heal", new HealBenchmark(work).RunAsync),
        ("recovery", () => Task.FromResult(new RecoveryBenchmark(work).Run())),
    };
    if (only.FirstOrDefault(name => !parts.Any(part => part.Name == name)) is { } unknown)
    {
        await Console.Error.WriteLineAsync($"There is no part {unknown}: {string.Join(", ", parts.Select(static part => part.Name))}.");
        return 2;
    }

    var state = new List<Measure>();
    foreach (var part in parts.Where(part => only.Length == 0 || only.Contains(part.Name))) state.AddRange(await part.RunAsync());
    Report.Write(Console.Out, "state", built, state);
    return state.All(measure => measure.IsReached) ? 0 : 1;
}

if (args is ["gossip", var compiled])
{
    var gossip = GossipBenchmark.Run();
    Report.Write(Console.Out, "gossip", compiled, gossip);
    return gossip.All(measure => measure.IsReached) ? 0 : 1;
}

if (args is ["membership", var ofCommit, var folder, var dll, .. var serf])
{
    var membership = new MembershipBenchmark(folder, [AgentKind.Swim(dll), .. serf.Select(AgentKind.Serf)]).Run();
    Report.Write(Console.Out, "membership", ofCommit, membership);
    return membership.All(measure => measure.IsReached) ? 0 : 1;
}

if (args is ["ring", var made])
{
    var ring = RingBenchmark.Run();
    Report.Write(Console.Out, "ring", made, ring);
    return ring.All(measure => measure.IsReached) ? 0 : 1;
}

if (args is not [("workflow" or "speedup") and var name, var one, var three, var directory, var commit, var seconds]
    || !ServerAddress.TryParse(one, out var alone) || !ServerAddress.TryParse(three, out var ofThree)
    || !double.TryParse(seconds, CultureInfo.InvariantCulture, out var each) || each is not (> 0 and <= 600))
{
    await Console.Error.WriteLineAsync("usage: swim-bench workflow|speedup HOST:PORT HOST:PORT DIRECTORY COMMIT SECONDS | state COMMIT DIRECTORY | gossip COMMIT | ring COMMIT | membership COMMIT DIRECTORY SWIM [SERF]");
    return 2;
}

var measures = new List<Measure>();
foreach (var (nodes, server) in new[] { (1, alone), (3, ofThree) })
{
    using var client = new SwimClient(new SwimClientOptions { Servers = [server] });
    measures.AddRange(name == "speedup"
        ? await new SpeedUpBenchmark(client, nodes).RunAsync()
        : await new WorkflowBenchmark(client, nodes, directory, TimeSpan.FromSeconds(each)).RunAsync());
}

Report.Write(Console.Out, name, commit, measures);
return measures.All(measure => measure.IsReached) ? 0 : 1;

static IReadOnlyList<Measure> Durable(string directory, int cellsPerSecond)
{
    using var benchmark = new DurableWriteBenchmark(Directory.CreateDirectory(Path.Combine(directory, $"durable{cellsPerSecond}")).FullName, cellsPerSecond);
    return benchmark.Run();
}
