using System.Globalization;
using Swim.Cli.Output;
using Swim.V1;
using Task = Swim.V1.Task;

namespace Swim.Cli.Live;

/// <summary>What a frame depends on beside the workflow.</summary>
/// <param name="Size">Of the terminal. Frames are narrower and lower by one, so that the cursor has a place.</param>
/// <param name="Glyphs">The signs to draw with.</param>
/// <param name="NowUnixMs">For the time that running tasks have taken, and the wheel.</param>
/// <param name="NameOf">The name of a node by its id.</param>
public sealed record FrameSetting(ScreenSize Size, Glyphs Glyphs, long NowUnixMs, Func<string, string> NameOf);

/// <summary>
/// A workflow drawn for a terminal: a title, the tree of its tasks, a bar of how much is done. The same workflow in the same setting gives
/// the same lines. Where the tree is higher than the terminal, the tasks that matter most now are listed and the others counted.
/// </summary>
public static class WorkflowFrame
{
    private const int DetailMin = 12;
    private const int OthersShownMax = 3;
    private const int BarMax = 30;

    /// <summary>The lines while it runs; at least one, and fewer than the terminal's rows where it has more than one.</summary>
    public static IReadOnlyList<StyledLine> Render(Workflow workflow, FrameSetting setting)
    {
        var rows = Math.Max(1, setting.Size.Rows - 1);
        var bar = Bar(workflow, setting);
        if (rows < 3) return rows == 1 ? [bar] : [Title(workflow, setting), bar];
        var room = rows - 2;
        return [Title(workflow, setting), .. workflow.Tasks.Count <= room ? Tree(workflow, setting) : Choice(workflow, setting, room), bar];
    }

    /// <summary>The lines once it has ended: the title and the whole tree, however high.</summary>
    public static IReadOnlyList<StyledLine> RenderEnd(Workflow workflow, FrameSetting setting) => [Title(workflow, setting), .. Tree(workflow, setting)];

    private static StyledLine Title(Workflow workflow, FrameSetting setting)
    {
        var (sign, tint) = setting.Glyphs.Of(workflow.State, setting.NowUnixMs);
        var columns = setting.Size.Columns - 1;
        var end = workflow.FinishedUnixMs == 0 ? setting.NowUnixMs : workflow.FinishedUnixMs;
        return new StyledLine()
            .Add($"{sign} ", tint)
            .Add(TextWidth.Cut(Printable.Line(workflow.Name), Math.Max(8, columns / 2), setting.Glyphs.Ellipsis))
            .AddWhole($"  {ShortId.OfWorkflow(workflow.WorkflowId)}", columns, Tint.Dim)
            .AddWhole($"  {StateWord.Of(workflow.State)}", columns, tint)
            .AddWhole($"  {Elapsed.Text(end - workflow.CreatedUnixMs)}", columns, Tint.Dim);
    }

    private static IEnumerable<StyledLine> Tree(Workflow workflow, FrameSetting setting) =>
        Lines(TaskTree.Of(workflow.Tasks).Select(row => (row.Task, Guide(row, setting), Others(row, setting.Glyphs))), setting);

    // What runs, then what failed, then what waits, then what is done: each in the document's order.
    private static IEnumerable<StyledLine> Choice(Workflow workflow, FrameSetting setting, int room)
    {
        var chosen = workflow.Tasks.Index().OrderBy(static task => Rank(task.Item.State)).ThenBy(static task => task.Index).Take(room - 1)
            .OrderBy(static task => task.Index).ToList();
        var kept = chosen.Select(static task => task.Index).ToHashSet();
        var rest = workflow.Tasks.Index().Where(task => !kept.Contains(task.Index)).GroupBy(static task => task.Item.State).OrderBy(static group => group.Key)
            .Select(static group => Invariant($"{group.Count()} {StateWord.Of(group.Key)}"));
        return Lines(chosen.Select(static task => (task.Item, "", "")), setting)
            .Append(new StyledLine().Add(Invariant($"{setting.Glyphs.Ellipsis} {workflow.Tasks.Count - kept.Count} more: {string.Join(", ", rest)}"), Tint.Dim));
    }

    private static int Rank(TaskState state) => state switch
    {
        TaskState.Running or TaskState.RetryWait => 0,
        TaskState.Claimed => 1,
        TaskState.Failed => 2,
        TaskState.Pending => 3,
        _ => 4,
    };

    private static IEnumerable<StyledLine> Lines(IEnumerable<(Task Task, string Guide, string Others)> tasks, FrameSetting setting)
    {
        var rows = tasks.Select(row => new Row(row.Task, row.Guide, row.Others, NodeOf(row.Task, setting), row.Task.Attempt == 0 ? "" : Invariant($"#{row.Task.Attempt}"))).ToList();
        if (rows.Count == 0) return [];
        var columns = Columns.For(rows, setting.Size.Columns - 1);
        return rows.Select(row => Line(row, columns, setting));
    }

    private static StyledLine Line(Row row, Columns columns, FrameSetting setting)
    {
        var (sign, tint) = setting.Glyphs.Of(row.Task.State, setting.NowUnixMs);
        var cut = setting.Glyphs.Ellipsis;
        var line = new StyledLine().Add(row.Guide, Tint.Dim).Add($"{sign} ", tint);
        line.Add(TextWidth.Cut(Printable.Line(row.Task.Id), Math.Max(1, columns.Name - line.Width), cut));
        line.Add(TextWidth.Cut(row.Others, Math.Max(0, columns.Name - line.Width), cut), Tint.Dim).PadTo(columns.Name);
        if (columns.Node > 0) line.Add("  ").Add(TextWidth.Cut(row.Node, columns.Node, cut), Tint.Dim).PadTo(columns.Name + 2 + columns.Node);
        if (columns.Tried > 0) line.Add("  ").Add(row.Tried.PadRight(columns.Tried), row.Task.Attempt > 1 ? Tint.Warn : Tint.Dim);
        if (columns.Time > 0) line.Add("  ").Add(TimeOf(row.Task, setting.NowUnixMs).PadLeft(columns.Time));
        var room = setting.Size.Columns - 1 - line.Width - 2;
        return Detail(row.Task) is { Length: > 0 } detail && room >= DetailMin ? line.Add("  ").Add(TextWidth.Cut(detail, room, cut), tint) : line;
    }

    private readonly record struct Row(Task Task, string Guide, string Others, string Node, string Tried);

    // How wide each column is; 0 leaves it out, which a narrow terminal does with the node first, then the attempt, then the time.
    private readonly record struct Columns(int Name, int Node, int Tried, int Time)
    {
        private const int TimeWidth = 8;

        public static Columns For(List<Row> rows, int all)
        {
            var name = Math.Min(rows.Max(static row => TextWidth.Of(row.Guide) + 2 + TextWidth.Of(row.Task.Id) + TextWidth.Of(row.Others)), Math.Max(16, all / 2));
            var node = Math.Min(rows.Max(static row => TextWidth.Of(row.Node)), Math.Max(8, all / 5));
            var tried = rows.Max(static row => row.Tried.Length);
            var time = all >= name + 2 + TimeWidth ? TimeWidth : 0;
            if (all < name + 2 + tried + 2 + time) tried = 0;
            if (all < name + 2 + node + 2 + tried + 2 + time) node = 0;
            return new Columns(name, node, tried, time);
        }
    }

    // Very deep trees show the branches next to the task; those further out say nothing without their root.
    private static string Guide(TaskRow row, FrameSetting setting)
    {
        var levelsMax = Math.Max(1, setting.Size.Columns / 3 / 3);
        var near = row.Branches.Skip(Math.Max(0, row.Branches.Count - levelsMax)).ToList();
        return string.Concat(near.Select((isLast, i) => i == near.Count - 1
            ? isLast ? setting.Glyphs.Last : setting.Glyphs.Fork
            : isLast ? "   " : setting.Glyphs.Bar));
    }

    private static string Others(TaskRow row, Glyphs glyphs) => row.AlsoAfter.Count == 0 ? "" :
        $" {glyphs.After} {string.Join(", ", row.AlsoAfter.Take(OthersShownMax).Select(static id => Printable.Line(id)))}"
        + (row.AlsoAfter.Count > OthersShownMax ? Invariant($" +{row.AlsoAfter.Count - OthersShownMax}") : "");

    private static string NodeOf(Task task, FrameSetting setting) => task.Executor.Length == 0 ? "" : Printable.Line(setting.NameOf(task.Executor));

    private static string TimeOf(Task task, long nowUnixMs) => (task.StartedUnixMs, task.FinishedUnixMs, task.State) switch
    {
        (0, _, _) => "",
        (var started, > 0 and var finished, _) => Elapsed.Text(finished - started),
        (var started, _, TaskState.Running) => Elapsed.Text(nowUnixMs - started),
        _ => "",
    };

    private static string Detail(Task task) => (task.State, task.Error) switch
    {
        (TaskState.Failed or TaskState.RetryWait, { } error) => Printable.Line($"{error.Code}: {error.Message}"),
        (TaskState.RetryWait or TaskState.Cancelled or TaskState.Skipped, _) => StateWord.Of(task.State),
        _ => "",
    };

    private static StyledLine Bar(Workflow workflow, FrameSetting setting)
    {
        var (done, all) = (workflow.Tasks.Count(static task => IsDone(task.State)), workflow.Tasks.Count);
        var failed = workflow.Tasks.Count(static task => task.State == TaskState.Failed);
        var columns = setting.Size.Columns - 1;
        var width = Math.Clamp(columns / 3, 1, BarMax);
        var full = all == 0 ? width : (int)((long)width * done / all);
        return new StyledLine()
            .Add(new string(setting.Glyphs.Full, full), failed > 0 ? Tint.Bad : Tint.Good)
            .Add(new string(setting.Glyphs.Empty, width - full), Tint.Dim)
            .AddWhole(Invariant($" {done}/{all}"), columns)
            .AddWhole(failed == 0 ? "" : Invariant($"  {failed} failed"), columns, Tint.Bad)
            .AddWhole(Count(workflow, TaskState.Running, "running"), columns, Tint.Busy)
            .AddWhole(Count(workflow, TaskState.RetryWait, "to be tried again"), columns, Tint.Warn);
    }

    private static string Count(Workflow workflow, TaskState state, string word) =>
        workflow.Tasks.Count(task => task.State == state) is > 0 and var count ? Invariant($"  {count} {word}") : "";

    private static bool IsDone(TaskState state) => state is TaskState.Succeeded or TaskState.Failed or TaskState.Cancelled or TaskState.Skipped;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
