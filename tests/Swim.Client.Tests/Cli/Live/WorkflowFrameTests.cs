using Swim.Cli.Live;
using Swim.V1;
using Xunit;

namespace Swim.Client.Tests.Cli.Live;

public sealed class WorkflowFrameTests
{
    private static readonly int[] Heights = [1, 2, 3, 4, 5, 10, 50];

    [Fact]
    public void A_frame_of_eighty_columns()
    {
        AssertFrame(
            """
            ⠋ nightly  0123456789ab  RUNNING  1m 15s
            ├─ ✓ load                     alpha            #1     12 ms
            │  ├─ ✓ check                 alpha            #1     4.2 s
            │  │  └─ ⠋ sum ← load         alpha            #2     3.4 s
            │  │     └─ ○ report ← check
            │  ├─ ↻ ask                   alpha            #1            TIMEOUT: no answe…
            │  └─ ✗ send                  alpha            #1    130 ms  TASK_FAILED: 550 …
            │     └─ » tell                                              SKIPPED
            ├─ ◌ wait                     a-node-with-a-…  #1
            └─ ⊘ off                                                     CANCELLED
            ██████████████░░░░░░░░░░░░ 5/9  1 failed  1 running  1 to be tried again
            """,
            FrameSamples.Mixed(), FrameSamples.Setting(80));
    }

    [Fact]
    public void A_frame_of_forty_columns()
    {
        AssertFrame(
            """
            ⠋ nightly  0123456789ab  RUNNING
            ├─ ✓ load            #1     12 ms
            │  ├─ ✓ check        #1     4.2 s
            │  │  └─ ⠋ sum ← l…  #2     3.4 s
            │  │     └─ ○ repo…
            │  ├─ ↻ ask          #1
            │  └─ ✗ send         #1    130 ms
            │     └─ » tell
            ├─ ◌ wait            #1
            └─ ⊘ off
            ███████░░░░░░ 5/9  1 failed  1 running
            """,
            FrameSamples.Mixed(), FrameSamples.Setting(40));
    }

    [Fact]
    public void A_frame_in_ascii()
    {
        AssertFrame(
            """
            | nightly  0123456789ab  RUNNING  1m 15s
            |- + load                      alpha                    #1     12 ms
            |  |- + check                  alpha                    #1     4.2 s
            |  |  `- | sum <- load         alpha                    #2     3.4 s
            |  |     `- . report <- check
            |  |- ~ ask                    alpha                    #1            TIMEOUT: no answer in 5 s
            |  `- x send                   alpha                    #1    130 ms  TASK_FAILED: 550 �[2Jmailbox full
            |     `- > tell                                                       SKIPPED
            |- o wait                      a-node-with-a-long-name  #1
            `- / off                                                              CANCELLED
            ################.............. 5/9  1 failed  1 running  1 to be tried again
            """,
            FrameSamples.Mixed(), FrameSamples.Setting(120, glyphs: Glyphs.Ascii));
    }

    [Fact]
    public void A_low_terminal_lists_what_matters_now_and_counts_the_rest()
    {
        AssertFrame(
            """
            ⠋ nightly  0123456789ab  RUNNING  1m 15s
            ⠋ sum   alpha            #2     3.4 s
            ↻ ask   alpha            #1            TIMEOUT: no answer in 5 s
            ✗ send  alpha            #1    130 ms  TASK_FAILED: 550 �[2Jmailbox full
            ◌ wait  a-node-with-a-…  #1
            … 5 more: 1 PENDING, 2 SUCCEEDED, 1 CANCELLED, 1 SKIPPED
            ██████████████░░░░░░░░░░░░ 5/9  1 failed  1 running  1 to be tried again
            """,
            FrameSamples.Mixed(), FrameSamples.Setting(80, rows: 8));
    }

    [Fact]
    public void The_end_is_the_whole_tree_however_high()
    {
        var workflow = FrameSamples.Wide(100);
        Assert.Equal(101, WorkflowFrame.RenderEnd(workflow, FrameSamples.Setting(80, rows: 8)).Count);
    }

    [Fact]
    public void No_frame_is_wider_or_higher_than_its_terminal()
    {
        var workflows = new[] { FrameSamples.Mixed(), FrameSamples.Wide(0), FrameSamples.Wide(3), FrameSamples.Wide(500), Hostile(), Deep() };
        foreach (var workflow in workflows)
        {
            foreach (var (columns, rows) in from columns in Enumerable.Range(1, 45).Append(80).Append(130) from rows in Heights select (columns, rows))
            {
                var frame = WorkflowFrame.Render(workflow, FrameSamples.Setting(columns, rows));
                Assert.InRange(frame.Count, 1, Math.Max(1, rows - 1));
                Assert.All(frame, line => Assert.InRange(TextWidth.Of(line.ToText(columns, hasColour: false)), 0, columns));
            }
        }
    }

    [Fact]
    public void No_text_from_elsewhere_commands_the_terminal()
    {
        var frame = WorkflowFrame.Render(Hostile(), FrameSamples.Setting(120) with { NameOf = static _ => "no\u001bde\u009b" });
        Assert.All(frame, line => Assert.DoesNotContain(line.ToText(120, hasColour: false), char.IsControl));
    }

    [Fact]
    public void Equal_input_gives_equal_frames_and_only_the_wheel_and_times_go_on()
    {
        var (setting, workflow) = (FrameSamples.Setting(80), FrameSamples.Mixed());
        Assert.Equal(FrameSamples.Text(WorkflowFrame.Render(workflow, setting), 80), FrameSamples.Text(WorkflowFrame.Render(workflow, setting), 80));
        var later = FrameSamples.Text(WorkflowFrame.Render(workflow, setting with { NowUnixMs = FrameSamples.Now + 100 }), 80).Split('\n');
        var now = FrameSamples.Text(WorkflowFrame.Render(workflow, setting), 80).Split('\n');
        Assert.Equal([0, 3], Enumerable.Range(0, now.Length).Where(i => now[i] != later[i]));
    }

    // Ids as no node takes them, but as one could send them.
    private static Workflow Hostile()
    {
        var workflow = FrameSamples.Mixed();
        workflow.Name = "数据\u001b]0;title\u0007\r\n" + new string('w', 300);
        workflow.WorkflowId = "\u001b[2J";
        workflow.Tasks[2].Id = "数\u001b[2J\n据" + new string('x', 200);
        workflow.Tasks[3].DependsOn.Add("\u001b[31m");
        return workflow;
    }

    private static Workflow Deep()
    {
        var workflow = FrameSamples.Wide(40);
        for (var i = 1; i < 40; i++) workflow.Tasks[i].DependsOn.Add($"t{i - 1}");
        return workflow;
    }

    private static void AssertFrame(string expected, Workflow workflow, FrameSetting setting) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), FrameSamples.Text(WorkflowFrame.Render(workflow, setting), setting.Size.Columns));
}
