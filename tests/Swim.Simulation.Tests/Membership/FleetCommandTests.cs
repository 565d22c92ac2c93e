using System.Text.Json.Nodes;
using Swim.Simulation.Membership;
using Xunit;

namespace Swim.Simulation.Tests.Membership;

public sealed class FleetCommandTests
{
    [Fact]
    public void A_run_ends_in_one_line_of_json()
    {
        using var output = new StringWriter();
        Assert.Equal(0, FleetCommand.Run(["--membership", "detect", "--nodes", "8", "--seed", "3", "--json"], output, TextWriter.Null));
        var json = JsonNode.Parse(output.ToString().TrimEnd().Split('\n')[^1])!;
        Assert.Equal("detect", json["scenario"]!.GetValue<string>());
        Assert.Equal(3UL, json["seed"]!.GetValue<ulong>());
        Assert.True(json["ok"]!.GetValue<bool>());
        Assert.True(json["checks"]!["CrashedFoundByAll"]!.GetValue<bool>());
    }

    [Fact]
    public void All_detectors_and_seeds_make_as_many_runs()
    {
        using var output = new StringWriter();
        FleetCommand.Run(["--membership", "detect", "--detector", "all", "--nodes", "8", "--seeds", "1-2", "--json"], output, TextWriter.Null);
        var json = JsonNode.Parse(output.ToString().TrimEnd().Split('\n')[^1])!;
        Assert.Equal(2 * Baseline.All.Count, json["runs"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("--membership", "nothing")]
    [InlineData("--membership")]
    [InlineData("--membership", "calm", "--nodes", "1")]
    [InlineData("--membership", "calm", "--detector", "none")]
    [InlineData("--membership", "calm", "--seeds", "2-1")]
    public void What_cannot_be_read_is_refused(params string[] arguments)
    {
        using var errors = new StringWriter();
        Assert.Equal(2, FleetCommand.Run(arguments, TextWriter.Null, errors));
        Assert.Contains("--membership", errors.ToString(), StringComparison.Ordinal);
    }
}
