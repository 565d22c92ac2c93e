using System.Globalization;
using Swim.V1;

namespace Swim.Cli.Output;

/// <summary>Lists of workflows for people.</summary>
public static class ListText
{
    /// <summary>A line for each workflow, with short ids unless <paramref name="hasWholeIds"/>.</summary>
    public static void Write(TextWriter writer, IEnumerable<WorkflowSummary> workflows, bool hasWholeIds)
    {
        var table = new TextTable("ID", "STATE", "DONE", "CREATED", "TIME", "NAME");
        foreach (var workflow in workflows)
        {
            table.Add(
                hasWholeIds ? workflow.WorkflowId : ShortId.OfWorkflow(workflow.WorkflowId), StateWord.Of(workflow.State), Done(workflow),
                Moment.Text(workflow.CreatedUnixMs), workflow.FinishedUnixMs == 0 ? "-" : Elapsed.Text(workflow.FinishedUnixMs - workflow.CreatedUnixMs), workflow.Name);
        }

        table.WriteTo(writer);
    }

    /// <summary>How much of the cluster is missing from an answer, as the beginning of a sentence.</summary>
    public static string Unreached(ListWorkflowsResponse list) => Unreached(list.BucketsUnreachable);

    /// <summary>The same, for so many buckets.</summary>
    public static string Unreached(int buckets) =>
        string.Create(CultureInfo.InvariantCulture, $"incomplete: the workflows of {buckets} of the ring's buckets could not be asked for");

    private static string Done(WorkflowSummary workflow)
    {
        var failed = workflow.TasksFailed == 0 ? "" : $", {workflow.TasksFailed} failed";
        return string.Create(CultureInfo.InvariantCulture, $"{workflow.TasksDone}/{workflow.Tasks}{failed}");
    }
}
