using System.CommandLine;
using System.Globalization;
using Swim.Cli.Live;
using Swim.Cli.Output;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary><c>swim explain</c>: why tasks do not run.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("explain", "Says why tasks of a workflow do not run: what each waits for, as the node that plans it knows.");
        var id = new WorkflowIdArgument(command);
        var task = new Argument<string>("TASK") { Description = "Only this task, whatever its state.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "" };
        command.Add(task);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            var workflowId = await id.ResolveAsync(run, parsed, mustBeSure: false, limit).ConfigureAwait(false);
            var answer = await run.AskAsync(run.Client.ExplainAsync(workflowId, parsed.GetValue(task) ?? "", id.Namespace(parsed), limit)).ConfigureAwait(false);
            var names = new NodeNames(run.Client);
            if (!run.IsJson) await names.LearnAsync(limit).ConfigureAwait(false);
            run.Print(answer, (writer, shown) => Write(writer, shown, names.Of));
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    private static void Write(TextWriter writer, ExplainWorkflowResponse answer, Func<string, string> nameOf)
    {
        var planner = answer.Planner.Length == 0 ? "nobody plans it" : $"planned by {nameOf(answer.Planner)}";
        var by = answer.AnsweredBy == answer.Planner ? "" : $", answered by {nameOf(answer.AnsweredBy)}";
        writer.WriteLine(Printable.Line($"workflow {answer.WorkflowId}  {StateWord.Of(answer.State)}, {planner}{by}"));
        if (answer.Tasks.Count == 0) writer.WriteLine("No task waits.");
        foreach (var task in answer.Tasks) writer.WriteLine(Printable.Line($"{task.Task}  {StateWord.Of(task.State)}{Since(task)}: {task.Text}"));
        if (answer.More > 0) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and {answer.More} more"));
    }

    private static string Since(TaskExplanation task) => task.SinceUnixMs == 0 ? "" : $" since {Moment.Text(task.SinceUnixMs)}";
}
