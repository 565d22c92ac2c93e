using System.Diagnostics;
using System.Text.Json.Nodes;
using Swim.Simulation.Scenarios;
using Xunit;

namespace Swim.Simulation.Tests.Scenarios;

/// <summary>A run is a function of scenario, nodes and seed: nothing of the machine, the process or the moment gets into it.</summary>
public sealed class DeterminismTests
{
    public static TheoryData<string, int, ulong> Runs { get; } = new() { { "mixed", 6, 1 }, { "mixed", 6, 2 }, { "restart", 5, 3 }, { "split", 5, 4 }, { "join", 30, 5 }, { "cold", 10, 6 } };

    [Theory, MemberData(nameof(Runs))]
    public void The_same_seed_twice_gives_the_same_trace_in_one_process(string name, int nodes, ulong seed)
    {
        var scenario = Scenario.Find(name)!;
        var first = ScenarioRunner.Run(scenario, nodes, seed);
        var second = ScenarioRunner.Run(scenario, nodes, seed);
        Assert.Equal(first.TraceHash, second.TraceHash);
        Assert.Equal(first.Metrics, second.Metrics);
        Assert.Equal(first.Virtual, second.Virtual);
    }

    [Fact]
    public void Other_seeds_give_other_traces()
    {
        var hashes = Enumerable.Range(1, 5).Select(seed => ScenarioRunner.Run(Scenario.Find("join")!, 10, (ulong)seed).TraceHash).ToList();
        Assert.Equal(5, hashes.Distinct().Count());
    }

    [Theory, MemberData(nameof(Runs))]
    public async Task The_same_seed_gives_the_same_trace_in_another_process(string name, int nodes, ulong seed)
    {
        var here = ScenarioRunner.Run(Scenario.Find(name)!, nodes, seed);
        var start = new ProcessStartInfo("dotnet", [typeof(Scenario).Assembly.Location, "--scenario", name, "--nodes", $"{nodes}", "--seed", $"{seed}", "--json"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var there = JsonNode.Parse(output.TrimEnd().Split('\n')[^1])!;
        Assert.Equal(here.TraceHash, there["trace_hash"]!.GetValue<string>());
        Assert.Equal(here.IsOk, process.ExitCode == 0);
    }
}
