using Swim.Node.Hosting;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>What a node that leaves still has to hand over, as the API shows it.</summary>
internal static class HandoffMapping
{
    /// <summary>Looks into the state loop.</summary>
    public static async Task<LeaveResponse> LookAsync(NodeParts parts, bool isLeaving, CancellationToken cancel)
    {
        var look = await parts.State.LookAsync().WaitAsync(cancel).ConfigureAwait(false);
        var missing = await parts.State.LookAtHandoffAsync().WaitAsync(cancel).ConfigureAwait(false);
        var response = new LeaveResponse { Leaving = isLeaving, TasksRunning = look.SlotsBusy, Buckets = look.HandoffBuckets };
        var members = parts.Membership.Members.Members;
        foreach (var (node, buckets) in missing)
        {
            var wait = new LeaveWait { NodeId = node.ToString(), Buckets = buckets };
            if (members.TryGetValue(node, out var member)) (wait.Name, wait.State) = (member.Meta.Name, ProtoMapping.ToProto(member.State));
            response.Waits.Add(wait);
        }

        return response;
    }
}
