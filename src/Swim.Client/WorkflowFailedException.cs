using Swim.V1;
using Task = Swim.V1.Task;

namespace Swim.Client;

/// <summary>A workflow ended without all of its tasks having succeeded. The message names the task that failed first, its attempt and its error.</summary>
public sealed class WorkflowFailedException : Exception
{
    /// <summary>The end of that workflow, as an exception.</summary>
    public WorkflowFailedException(Workflow workflow)
        : base(MessageOf(workflow)) => (Workflow, FailedTask) = (workflow, FirstFailed(workflow));

    /// <summary>The workflow as it ended, with the outputs of the tasks that did succeed.</summary>
    public Workflow Workflow { get; }

    /// <summary>How it ended: in part, failed or cancelled.</summary>
    public WorkflowState State => Workflow.State;

    /// <summary>The task that failed first, by the time of its end; null where none failed, as when the workflow was cancelled.</summary>
    public Task? FailedTask { get; }

    /// <summary>The last attempt of <see cref="FailedTask"/>, from 1; 0 where there is none.</summary>
    public int Attempt => FailedTask?.Attempt ?? 0;

    /// <summary>Why <see cref="FailedTask"/> failed; null where there is none or it has none.</summary>
    public Error? Error => FailedTask?.Error;

    private static Task? FirstFailed(Workflow workflow)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return workflow.Tasks.Where(static task => task.State == TaskState.Failed).MinBy(static task => task.FinishedUnixMs);
    }

    private static string MessageOf(Workflow workflow)
    {
        var first = FirstFailed(workflow);
        var ended = $"Workflow {workflow.WorkflowId} ({workflow.Name}) ended {CallFailure.NameOf(workflow.State)}";
        if (first is null) return $"{ended}.";
        var others = workflow.Tasks.Count(static task => task.State == TaskState.Failed) - 1;
        var error = first.Error is { } known ? $"{known.Code}: {known.Message}" : "it does not say why";
        return $"{ended}: task '{first.Id}' failed in attempt {first.Attempt}: {error}{(others > 0 ? $" (and {others} more)" : "")}";
    }
}
