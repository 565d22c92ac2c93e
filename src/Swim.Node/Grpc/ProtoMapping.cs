using System.Globalization;
using System.Text;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>The one place that knows both the API's messages and the core's. The numbers of the enumerations are the same on purpose.</summary>
internal static class ProtoMapping
{
    public static Workflow ToProto(WorkflowView view)
    {
        var workflow = new Workflow
        {
            WorkflowId = view.Id.ToString(),
            Name = view.Name,
            Namespace = view.Namespace,
            State = (WorkflowState)view.State,
            OutputJson = Text(view.Output),
            Layers = view.Layers,
            CreatedUnixMs = view.CreatedUnixMs,
            FinishedUnixMs = view.FinishedUnixMs,
            Durable = ToProto(view.Durable),
            SupersededBy = view.SupersededBy?.ToString() ?? "",
            Merges = MergeMapping.ToProto(view.Merges),
        };
        workflow.Tasks.AddRange(view.Tasks.Select(ToProto));
        return workflow;
    }

    public static V1.AckLevel ToProto(Core.Replication.AckLevel level) => (V1.AckLevel)level;

    public static Core.Replication.AckLevel FromProto(V1.AckLevel level) =>
        Enum.IsDefined(level) ? (Core.Replication.AckLevel)level : throw ApiErrors.Invalid($"ack {(int)level} is no level: use one of AckLevel.");

    public static Member ToProto(MemberRecord member, NodeId self, TimeSpan? roundTrip) => new()
    {
        NodeId = member.Id.ToString(),
        Name = member.Meta.Name,
        State = ToProto(member.State),
        Host = member.Meta.Host,
        GrpcPort = member.Meta.GrpcPort,
        HttpPort = member.Meta.HttpPort,
        UdpPort = member.Meta.UdpPort,
        Zone = member.Meta.Zone,
        Epoch = member.Epoch,
        Incarnation = member.Incarnation,
        Self = member.Id == self,
        Capabilities = { member.Meta.CapabilityList() },
        Draining = member.Meta.IsDraining,
        Leaving = member.Meta.IsLeaving,
        Slots = member.Meta.Slots,
        RttUs = Micros(roundTrip),
    };

    /// <summary>Whole microseconds; -1 for none.</summary>
    public static long Micros(TimeSpan? time) => time is { } known ? (long)known.TotalMicroseconds : -1;

    public static Problem ToProto(Core.Workflows.Documents.DocumentError error) =>
        new() { Message = error.Message, Line = error.Line, Column = error.Column, Suggestion = error.Suggestion };

    public static MemberReach ToProto(MemberRecord member, PeerReach? reach, Now now) => new()
    {
        NodeId = member.Id.ToString(),
        Name = member.Meta.Name,
        State = ToProto(member.State),
        Host = member.Meta.Host,
        GrpcPort = member.Meta.GrpcPort,
        UdpPort = member.Meta.UdpPort,
        Way = reach is null || !member.IsLive ? V1.ReachWay.Unspecified : (V1.ReachWay)((int)reach.Way + 1),
        Missed = reach?.Missed ?? 0,
        HeardMs = reach is null ? -1 : (long)now.Since(reach.HeardTicks).TotalMilliseconds,
    };

    public static V1.MemberState ToProto(Core.Membership.MemberState state) => (V1.MemberState)((int)state + 1);

    public static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    private static V1.Task ToProto(TaskView view)
    {
        var task = new V1.Task
        {
            Id = view.Id,
            Tool = view.Tool,
            State = (TaskState)view.State,
            Attempt = view.Attempt,
            Executor = view.Executor == NodeId.None ? "" : view.Executor.ToString(),
            OutputJson = Text(view.Output),
            OutputBytes = view.OutputBytes,
            Generation = view.Generation,
            StartedUnixMs = view.StartedUnixMs,
            FinishedUnixMs = view.FinishedUnixMs,
        };
        if (view.ErrorCode is { } code) task.Error = new Error { Code = code, Message = view.ErrorMessage ?? "", Retryable = view.ErrorRetryable };
        task.DependsOn.AddRange(view.DependsOn);
        task.StaleInputs.AddRange(view.StaleInputs);
        return task;
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
