using Google.Protobuf;
using Swim.V1;

namespace Swim.Client;

/// <summary>What a follower of a workflow knows of it: the last snapshot with all deltas since, and the token to go on with.</summary>
internal sealed class WorkflowFollow(string workflowId, string @namespace)
{
    private Workflow? _workflow;
    private ByteString _token = ByteString.Empty;

    /// <summary>The workflow followed.</summary>
    public string WorkflowId => workflowId;

    /// <summary>True once the end is known.</summary>
    public bool HasEnded => _workflow?.State.HasEnded() == true;

    /// <summary>Asks for what comes after all that is known.</summary>
    public WatchWorkflowRequest Request() => new() { WorkflowId = WorkflowId, Namespace = @namespace, ResumeToken = _token };

    /// <summary>The workflow with that event taken in, a copy of its own; null where the event says nothing, or needs one that never came.</summary>
    public Workflow? Take(WatchWorkflowResponse news)
    {
        if (news.Snapshot is { } snapshot) _workflow = snapshot;
        else if (news.Delta is { } delta && _workflow is { } known) Apply(known, delta);
        else return null;
        _token = news.ResumeToken;
        return _workflow.Clone();
    }

    private static void Apply(Workflow workflow, WorkflowDelta delta)
    {
        var news = delta.Tasks.GroupBy(static task => task.Id).ToDictionary(static group => group.Key, static group => group.Last());
        for (var i = 0; i < workflow.Tasks.Count; i++) workflow.Tasks[i] = news.GetValueOrDefault(workflow.Tasks[i].Id, workflow.Tasks[i]);
        (workflow.State, workflow.OutputJson, workflow.FinishedUnixMs, workflow.Durable) = (delta.State, delta.OutputJson, delta.FinishedUnixMs, delta.Durable);
        (workflow.SupersededBy, workflow.Merges) = (delta.SupersededBy, delta.Merges);
    }
}
