using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>Translates explanations. The numbers of the enumerations are the same on purpose.</summary>
internal static class ExplainMapping
{
    public static ExplainWorkflowResponse ToProto(Explained explained)
    {
        var response = new ExplainWorkflowResponse
        {
            WorkflowId = explained.Id.ToString(),
            State = (WorkflowState)explained.State,
            AnsweredBy = explained.AnsweredBy.ToString(),
            Planner = explained.Planner == NodeId.None ? "" : explained.Planner.ToString(),
            More = explained.More,
        };
        response.Tasks.AddRange(explained.Tasks.Select(static task => new V1.TaskExplanation
        {
            Task = task.Task,
            State = (TaskState)task.State,
            Reason = (V1.WaitReason)task.Reason,
            Text = task.Text,
            SinceUnixMs = task.SinceUnixMs,
            UntilUnixMs = task.UntilUnixMs,
        }));
        return response;
    }
}
