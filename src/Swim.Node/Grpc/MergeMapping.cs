using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>Translates merge reports and lists of them. The numbers of the enumerations are the same on purpose.</summary>
internal static class MergeMapping
{
    private const int PageSizeDefault = 20;

    /// <summary>The command for a request. Throws INVALID_ARGUMENT with the field that is wrong.</summary>
    public static ListCommand FromProto(ListMergesRequest request, string @namespace)
    {
        if (request.PageSize is < 0 or > ListCommand.MergedLimitMax) throw ApiErrors.Invalid($"page_size {request.PageSize} is out of range: give 1 to {ListCommand.MergedLimitMax}, or 0 for {PageSizeDefault}.");
        if (request.SinceUnixMs < 0) throw ApiErrors.Invalid($"since_unix_ms {request.SinceUnixMs} is out of range: give 0 or more.");
        var limit = request.PageSize == 0 ? PageSizeDefault : request.PageSize;
        return new ListCommand(@namespace, ListMapping.PlaceOf(request.PageToken), limit, 0, "", "", BucketSet.All()) { MergedSinceUnixMs = request.SinceUnixMs };
    }

    public static ListMergesResponse ToProto(Listed listed, string @namespace)
    {
        var response = new ListMergesResponse
        {
            Incomplete = !listed.Missing.IsEmpty,
            BucketsUnreachable = listed.Missing.Count,
            NextPageToken = ListMapping.NextOf(listed),
        };
        response.Workflows.AddRange(listed.Workflows.Select(summary => new WorkflowMerges
        {
            WorkflowId = summary.Place.Id.ToString(),
            Name = summary.Name,
            Namespace = @namespace,
            State = (WorkflowState)summary.State,
            Merges = ToProto(summary.Merges),
        }));
        return response;
    }

    /// <summary>A report; null for none.</summary>
    public static V1.MergeReport? ToProto(Core.Replication.MergeReport? report)
    {
        if (report is null) return null;
        var message = new V1.MergeReport
        {
            SupersededBy = report.SupersededBy?.ToString() ?? "",
            LatestUnixMs = report.LatestUnixMs,
            TaskCount = report.TaskCount,
            ConsumerCount = report.ConsumerCount,
        };
        message.Tasks.AddRange(report.Tasks.Select(ToProto));
        message.Consumers.AddRange(report.Consumers.Select(ToProto));
        return message;
    }

    private static V1.TaskMerge ToProto(Core.Replication.TaskMerge task)
    {
        var message = new V1.TaskMerge { Task = task.Task, Generation = task.Generation, Why = (V1.WinReason)task.Why, SameResult = task.IsSameResult };
        message.Runs.AddRange(task.Runs.Select(static run => new V1.TaskRun
        {
            Attempt = run.Attempt,
            Executor = NodeOf(run.Executor),
            CommittedBy = NodeOf(run.CommittedBy),
            CommittedUnixMs = run.Stamp.PhysicalMs,
            Succeeded = run.IsSuccess,
            ResultHash = run.IsSuccess ? ProtoMapping.Hex(run.ResultHash) : "",
            ErrorCode = run.ErrorCode,
        }));
        return message;
    }

    private static V1.FedConsumer ToProto(Core.Replication.FedConsumer consumer)
    {
        var message = new V1.FedConsumer
        {
            Task = consumer.Task,
            Generation = consumer.Generation,
            Attempt = consumer.Attempt,
            Executor = NodeOf(consumer.Executor),
            Answer = (V1.FlipAnswer)consumer.Answer,
        };
        message.Inputs.AddRange(consumer.Inputs);
        return message;
    }

    private static string NodeOf(NodeId node) => node == NodeId.None ? "" : node.ToString();
}
