using Swim.Simulation.Membership;
using Xunit;

namespace Swim.Simulation.Tests.Membership;

public sealed class FleetTablesTests
{
    [Fact]
    public void The_tables_hold_the_figures_of_the_runs_and_how_ours_stands_to_plain_SWIM()
    {
        var scenario = FleetScenario.Find("detect")!;
        var runs = Baseline.All.Select(detector => scenario.Run(32, 1, detector)).ToList();
        using var output = new StringWriter();
        FleetTables.Write(output, runs);
        var text = output.ToString();
        var ours = runs.Find(static run => run.Baseline == "ours")!;
        Assert.Contains(FormattableString.Invariant($"| detect | 32 | ours | {ours["first_detection_p50_s"]:0.##} |"), text, StringComparison.Ordinal);
        Assert.Contains("of plain SWIM's median time to full detection", text, StringComparison.Ordinal);
        Assert.Contains("| detect | plain | CrashedFoundByAll | yes |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_without_the_line_is_left_alone()
    {
        var page = Path.GetTempFileName();
        try
        {
            File.WriteAllText(page, "nothing of ours\n");
            Assert.Equal(1, FleetCommand.Run(["--membership", "tables", "--into", page], TextWriter.Null, TextWriter.Null));
            Assert.Equal("nothing of ours\n", File.ReadAllText(page));
        }
        finally
        {
            File.Delete(page);
        }
    }
}
