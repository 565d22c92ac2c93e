using Swim.Simulation.Reports;
using Xunit;

namespace Swim.Simulation.Tests.Reports;

public sealed class CommandLineTests
{
    [Fact]
    public void Arguments_say_what_to_run()
    {
        var line = CommandLine.TryRead(["--scenario", "split", "--nodes", "12", "--seeds", "3-9", "--json"], out var fault);
        Assert.NotNull(line);
        Assert.Empty(fault);
        Assert.Equal(("split", 12, 3UL, 9UL, true), (line.Scenario.Name, line.Nodes, line.First, line.Last, line.Json));
    }

    [Fact]
    public void Planted_bugs_have_two_thousand_seeds_unless_others_are_named()
    {
        Assert.Equal((1UL, 2_000UL), Ends("--mutants"));
        Assert.Equal((4UL, 9UL), Ends("--mutants", "--seeds", "4-9"));
        Assert.Equal((7UL, 7UL), Ends("--mutant", "twowinners", "--seed", "7"));

        static (ulong, ulong) Ends(params string[] arguments) => CommandLine.TryRead(arguments, out _) is { } line ? (line.First, line.Last) : default;
    }

    [Theory]
    [InlineData("--mutant", "nothing")]
    [InlineData("--scenario", "nothing")]
    [InlineData("--nodes", "0")]
    [InlineData("--nodes", "1001")]
    [InlineData("--seeds", "9-3")]
    [InlineData("--seeds", "1-2-3")]
    [InlineData("--seed", "-1")]
    [InlineData("--what", "1")]
    [InlineData("--keep-faults", "3,x")]
    [InlineData("--keep-workflows", "")]
    [InlineData("--plan-nodes", "0")]
    [InlineData("--heal-at", "-1")]
    [InlineData("--plant", "nothing")]
    public void A_wrong_argument_is_named(string name, string value)
    {
        Assert.Null(CommandLine.TryRead([name, value], out var fault));
        Assert.Contains(name, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_smaller_run_is_told_by_its_command()
    {
        const string Command = "./scripts/sim.sh --scenario mixed --nodes 3 --seed 2 --plant TwoWinners --plan-nodes 7 --keep-faults none --keep-workflows 1,22 --heal-at 3.4 --shake 9";
        var line = CommandLine.TryRead(Command.Split(' ')[1..], out _);
        Assert.Equal(Command, line!.Spec(line.First).Command);
    }

    [Fact]
    public void A_missing_value_is_named()
    {
        Assert.Null(CommandLine.TryRead(["--nodes"], out var fault));
        Assert.Contains("--nodes", fault, StringComparison.Ordinal);
    }
}
