using Google.Protobuf;
using Swim.V1;

namespace Swim.Client;

/// <summary>What a follower of a workflow knows of it: the last snapshot with all deltas since, and the token to go on with.</summary>
internal sealed class WorkflowFollow(string workflowId, string @namespace)
{
    private Workflow? _workflow;
    private ByteString _token = ByteString.Empty;

    /// <summary>True once the end is known.</summary>
    public bool HasEnded => _workflow?.State.HasEnded() == true;

    /// <summary>Asks for what comes after all that is known.</summary>
    public WatchWorkflowRequest Request() => new() { WorkflowId = workflowId, Namespace = @namespace, ResumeToken = _token };

    /// <summary>The workflow with that event taken in; a copy of its own.</summary>
    public Workflow Take(WatchWorkflowResponse news)
    {
        _token = news.ResumeToken;
        _workflow = news.Snapshot ?? Apply(_workflow!.Clone(), news.Delta);
        return _workflow.Clone();
    }

    private static Workflow Apply(Workflow workflow, WorkflowDelta delta)
    {
        for (var i = 0; i < workflow.Tasks.Count; i++) workflow.Tasks[i] = delta.Tasks.FirstOrDefault(task => task.Id == workflow.Tasks[i].Id) ?? workflow.Tasks[i];
        (workflow.State, workflow.OutputJson, workflow.FinishedUnixMs, workflow.Durable) = (delta.State, delta.OutputJson, delta.FinishedUnixMs, delta.Durable);
        return workflow;
    }
}
