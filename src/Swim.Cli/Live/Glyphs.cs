using Swim.V1;

namespace Swim.Cli.Live;

/// <summary>The signs a view is drawn with, each one column wide but the branches of a tree, which are three.</summary>
public sealed record Glyphs
{
    private const int SpinMs = 100;

    /// <summary>For terminals that show Unicode.</summary>
    public static readonly Glyphs Unicode = new()
    {
        Spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏",
        Pending = "○",
        Claimed = "◌",
        RetryWait = "↻",
        Succeeded = "✓",
        Failed = "✗",
        Cancelled = "⊘",
        Skipped = "»",
        Partial = "◐",
        Fork = "├─ ",
        Last = "└─ ",
        Bar = "│  ",
        After = "←",
        Ellipsis = "…",
        Full = '█',
        Empty = '░',
    };

    /// <summary>For all others.</summary>
    public static readonly Glyphs Ascii = new()
    {
        Spinner = "|/-\\",
        Pending = ".",
        Claimed = "o",
        RetryWait = "~",
        Succeeded = "+",
        Failed = "x",
        Cancelled = "/",
        Skipped = ">",
        Partial = "%",
        Fork = "|- ",
        Last = "`- ",
        Bar = "|  ",
        After = "<-",
        Ellipsis = "~",
        Full = '#',
        Empty = '.',
    };

    /// <summary>The signs for that terminal.</summary>
    public static Glyphs Of(Screen screen) => screen.IsUnicode ? Unicode : Ascii;

    /// <summary>The turns of a wheel.</summary>
    public required string Spinner { get; init; }

    /// <summary>Waits for others.</summary>
    public required string Pending { get; init; }

    /// <summary>Given to a node, not begun.</summary>
    public required string Claimed { get; init; }

    /// <summary>Failed, and will be tried again.</summary>
    public required string RetryWait { get; init; }

    /// <summary>Done.</summary>
    public required string Succeeded { get; init; }

    /// <summary>Failed for good.</summary>
    public required string Failed { get; init; }

    /// <summary>Ended by whoever asked for it.</summary>
    public required string Cancelled { get; init; }

    /// <summary>Not run, since a dependency did not succeed.</summary>
    public required string Skipped { get; init; }

    /// <summary>Done in part.</summary>
    public required string Partial { get; init; }

    /// <summary>A branch with others below it.</summary>
    public required string Fork { get; init; }

    /// <summary>The last branch.</summary>
    public required string Last { get; init; }

    /// <summary>Passes by a branch further in.</summary>
    public required string Bar { get; init; }

    /// <summary>Stands before the other dependencies of a task.</summary>
    public required string After { get; init; }

    /// <summary>Stands for what was cut off.</summary>
    public required string Ellipsis { get; init; }

    /// <summary>The part of a progress bar that is done.</summary>
    public required char Full { get; init; }

    /// <summary>The part of a progress bar that is not.</summary>
    public required char Empty { get; init; }

    /// <summary>The wheel at a time, turned every 100 ms.</summary>
    public string SpinnerAt(long unixMs) => Spinner[(int)(Math.Max(0, unixMs) / SpinMs % Spinner.Length)].ToString();

    /// <summary>The sign and tint of a task.</summary>
    public (string Sign, Tint Tint) Of(TaskState state, long nowUnixMs) => state switch
    {
        TaskState.Claimed => (Claimed, Tint.Busy),
        TaskState.Running => (SpinnerAt(nowUnixMs), Tint.Busy),
        TaskState.RetryWait => (RetryWait, Tint.Warn),
        TaskState.Succeeded => (Succeeded, Tint.Good),
        TaskState.Failed => (Failed, Tint.Bad),
        TaskState.Cancelled => (Cancelled, Tint.Warn),
        TaskState.Skipped => (Skipped, Tint.Dim),
        _ => (Pending, Tint.Dim),
    };

    /// <summary>The sign and tint of a workflow.</summary>
    public (string Sign, Tint Tint) Of(WorkflowState state, long nowUnixMs) => state switch
    {
        WorkflowState.Succeeded => (Succeeded, Tint.Good),
        WorkflowState.Partial => (Partial, Tint.Warn),
        WorkflowState.Failed => (Failed, Tint.Bad),
        WorkflowState.Cancelled => (Cancelled, Tint.Warn),
        _ => (SpinnerAt(nowUnixMs), Tint.Busy),
    };
}
