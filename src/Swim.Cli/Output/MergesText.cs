using System.Globalization;
using Swim.V1;

namespace Swim.Cli.Output;

/// <summary>Merge reports for people.</summary>
public static class MergesText
{
    /// <summary>Writes each workflow's; <paramref name="nameOf"/> gives the name of a node id.</summary>
    public static void Write(TextWriter writer, ListMergesResponse merges, Func<string, string> nameOf)
    {
        if (merges.Workflows.Count == 0) writer.WriteLine("Nothing was worked on in two places at once.");
        foreach (var workflow in merges.Workflows)
        {
            writer.WriteLine(Printable.Line($"workflow {workflow.WorkflowId}  {workflow.Name}  {StateWord.Of(workflow.State)}"));
            Write(writer, workflow.Merges ?? new MergeReport(), nameOf);
        }
    }

    /// <summary>Writes one report: a line for each run of what ran twice, and for each attempt that was given what lost.</summary>
    public static void Write(TextWriter writer, MergeReport merges, Func<string, string> nameOf)
    {
        if (merges.SupersededBy.Length > 0) writer.WriteLine(Printable.Line($"its idempotency key belongs to {merges.SupersededBy}"));
        WriteTasks(writer, merges, nameOf);
        WriteConsumers(writer, merges, nameOf);
    }

    private static void WriteTasks(TextWriter writer, MergeReport merges, Func<string, string> nameOf)
    {
        if (merges.Tasks.Count == 0) return;
        var table = new TextTable("RAN TWICE", "ATTEMPT", "NODE", "COMMITTED", "END", "");
        foreach (var task in merges.Tasks)
        {
            foreach (var run in task.Runs)
            {
                var isWinner = ReferenceEquals(run, task.Runs[0]);
                table.Add(
                    isWinner ? Named(task.Task, task.Generation) : "", Number(run.Attempt), nameOf(run.Executor), $"{Moment.Text(run.CommittedUnixMs)} by {nameOf(run.CommittedBy)}",
                    run.Succeeded ? $"result {run.ResultHash}" : run.ErrorCode, isWinner ? $"wins: {Why(task)}" : "");
            }
        }

        table.WriteTo(writer);
        Cut(writer, merges.TaskCount - merges.Tasks.Count, "tasks that ran twice");
    }

    private static void WriteConsumers(TextWriter writer, MergeReport merges, Func<string, string> nameOf)
    {
        if (merges.Consumers.Count == 0) return;
        var table = new TextTable("WAS GIVEN", "ATTEMPT", "NODE", "RESULTS THAT LOST", "AND");
        foreach (var consumer in merges.Consumers)
            table.Add(Named(consumer.Task, consumer.Generation), Number(consumer.Attempt), consumer.Executor.Length == 0 ? "-" : nameOf(consumer.Executor), string.Join(", ", consumer.Inputs), StateWord.Of(consumer.Answer));
        table.WriteTo(writer);
        Cut(writer, merges.ConsumerCount - merges.Consumers.Count, "attempts that were given results that lost");
    }

    private static void Cut(TextWriter writer, int more, string of)
    {
        if (more > 0) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and {more} more {of}"));
    }

    private static string Named(string task, int generation) => generation == 0 ? task : string.Create(CultureInfo.InvariantCulture, $"{task} (generation {generation})");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Why(TaskMerge task) => StateWord.Of(task.Why) + (task.SameResult ? ", all the same" : "");
}
