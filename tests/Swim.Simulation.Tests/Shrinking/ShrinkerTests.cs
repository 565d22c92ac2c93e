using Swim.Core.Primitives;
using Swim.Simulation.Reports;
using Swim.Simulation.Scenarios;
using Swim.Simulation.Shrinking;
using Xunit;

namespace Swim.Simulation.Tests.Shrinking;

/// <summary>A failing run, which a planted bug makes, becomes smaller and still fails.</summary>
public sealed class ShrinkerTests
{
    private static readonly RunSpec Whole = new(Scenario.Find("restart")!, 4, 1) { Bug = Mutant.PlansBeforeDependencies };

    [Fact]
    public void The_smaller_run_breaks_the_same_promise_when_its_command_is_typed()
    {
        var shrinker = new Shrinker(Whole);
        var smallest = shrinker.Shrink(out var first);
        Assert.False(first.IsOk);
        Assert.True(smallest.Faults < first.Faults, ShrinkReport.SizeOf(smallest));
        Assert.True(smallest.Workflows < first.Workflows, ShrinkReport.SizeOf(smallest));
        Assert.True(smallest.Spec.Nodes < first.Spec.Nodes, ShrinkReport.SizeOf(smallest));
        Assert.InRange(shrinker.Runs, 2, Shrinker.RunsMax);
        var typed = CommandLine.TryRead(smallest.Spec.Command.Split(' ')[1..], out _)!;
        var again = ScenarioRunner.Run(typed.Spec(typed.First));
        Assert.Equal(smallest.TraceHash, again.TraceHash);
        Assert.Contains("NoStartBeforeDepsSatisfied", again.Broken.Select(static broken => broken.Key));
    }

    [Fact]
    public void The_same_run_always_shrinks_to_the_same() =>
        Assert.Equal(new Shrinker(Whole).Shrink(out _).Spec.Command, new Shrinker(Whole).Shrink(out _).Spec.Command);

    [Fact]
    public void A_run_that_holds_stays_as_it_is()
    {
        var whole = Whole with { Bug = Mutant.None };
        var shrinker = new Shrinker(whole);
        Assert.True(shrinker.Shrink(out _).IsOk);
        Assert.Equal(1, shrinker.Runs);
    }

    [Fact]
    public void A_failed_run_says_how_to_see_it_again_and_how_to_shrink_it()
    {
        var run = ScenarioRunner.Run(Whole);
        var text = new StringWriter();
        TextReport.Write(text, run);
        Assert.Contains("again: ./scripts/sim.sh --scenario restart --nodes 4 --seed 1 --plant PlansBeforeDependencies", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("--shrink", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"again\":\"./scripts/sim.sh --scenario restart --nodes 4 --seed 1", JsonReport.Line([run]), StringComparison.Ordinal);
        Assert.Contains("\"shrink\":\"./scripts/sim.sh --scenario restart --nodes 4 --seed 1", JsonReport.Line([run]), StringComparison.Ordinal);
    }
}
