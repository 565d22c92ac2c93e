using Swim.Cli;
using Swim.Cli.Live;
using Swim.V1;
using WorkflowTask = Swim.V1.Task;

namespace Swim.Client.Tests.Cli.Live;

/// <summary>Workflows to draw, at one moment.</summary>
internal static class FrameSamples
{
    public const long Now = 1_700_000_010_000;

    public static FrameSetting Setting(int columns, int rows = 24, Glyphs? glyphs = null) =>
        new(new ScreenSize(columns, rows), glyphs ?? Glyphs.Unicode, Now, id => id == "aa" ? "alpha" : "a-node-with-a-long-name");

    /// <summary>One task in each state.</summary>
    public static Workflow Mixed() => new()
    {
        WorkflowId = "0123456789abcdef0123456789abcdef",
        Name = "nightly",
        State = WorkflowState.Running,
        CreatedUnixMs = Now - 75_000,
        Tasks =
        {
            Ended("load", TaskState.Succeeded, 12),
            Ended("check", TaskState.Succeeded, 4_250, "load"),
            Begun("sum", TaskState.Running, 2, "check", "load"),
            new WorkflowTask { Id = "report", State = TaskState.Pending, DependsOn = { "sum", "check" } },
            Begun("ask", TaskState.RetryWait, 1, "load"),
            Ended("send", TaskState.Failed, 130, "load"),
            new WorkflowTask { Id = "tell", State = TaskState.Skipped, DependsOn = { "send" } },
            new WorkflowTask { Id = "wait", State = TaskState.Claimed, Attempt = 1, Executor = "bb" },
            new WorkflowTask { Id = "off", State = TaskState.Cancelled },
        },
    };

    public static Workflow Wide(int tasks)
    {
        var workflow = new Workflow { WorkflowId = "ab", Name = "wide", State = WorkflowState.Running, CreatedUnixMs = Now - 1_000 };
        workflow.Tasks.AddRange(Enumerable.Range(0, tasks).Select(i => new WorkflowTask { Id = $"t{i}", State = (i % 5) switch { 0 => TaskState.Succeeded, 3 => TaskState.Running, _ => TaskState.Pending } }));
        return workflow;
    }

    public static string Text(IEnumerable<StyledLine> frame, int columns) => string.Join('\n', frame.Select(line => line.ToText(columns - 1, hasColour: false)));

    private static WorkflowTask Begun(string id, TaskState state, int attempt, params string[] after)
    {
        var task = new WorkflowTask { Id = id, State = state, Attempt = attempt, Executor = "aa", DependsOn = { after } };
        if (state == TaskState.Running) task.StartedUnixMs = Now - 3_400;
        if (state == TaskState.RetryWait) task.Error = new Error { Code = "TIMEOUT", Message = "no answer in 5 s" };
        return task;
    }

    private static WorkflowTask Ended(string id, TaskState state, long milliseconds, params string[] after)
    {
        var task = Begun(id, state, 1, after);
        (task.StartedUnixMs, task.FinishedUnixMs) = (Now - 60_000, Now - 60_000 + milliseconds);
        if (state == TaskState.Failed) task.Error = new Error { Code = "TASK_FAILED", Message = "550 \u001b[2Jmailbox\nfull" };
        return task;
    }
}
