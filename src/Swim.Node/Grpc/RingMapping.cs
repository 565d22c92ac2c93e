using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>Shows a placement: how many buckets each member owns and plans, and who owns the bucket of one workflow.</summary>
internal static class RingMapping
{
    public static GetRingResponse ToProto(Placement placement, ReplicaCore replica, MembersSnapshot members, WorkflowId? workflow, Func<NodeId, TimeSpan?> roundTripTo)
    {
        var map = placement.Map;
        var response = new GetRingResponse
        {
            Fingerprint = ProtoMapping.Hex(map.Fingerprint),
            Buckets = Buckets.Count,
            Replicas = map.Replicas,
            Changing = replica.Keeper.Waits,
            Bucket = workflow is { } id ? Buckets.BucketOf(id.Place) : -1,
        };
        response.Members.AddRange(Counted(placement, members, roundTripTo).Values);
        response.OnOtherRings.AddRange(replica.OnOtherRings.Select(static member => member.ToString()));
        if (workflow is null) return response;
        foreach (var owner in map.HomeOwners(response.Bucket)) response.HomeOwners.Add(owner.ToString());
        response.ActingOwners.AddRange(placement.ActingOwners(response.Bucket).Select(static owner => owner.ToString()));
        return response;
    }

    private static SortedDictionary<NodeId, V1.RingMember> Counted(Placement placement, MembersSnapshot members, Func<NodeId, TimeSpan?> roundTripTo)
    {
        var counted = new SortedDictionary<NodeId, V1.RingMember>();
        for (var i = 0; i < placement.Map.Members.Length; i++)
        {
            var shown = counted[placement.Map.Members[i].Id] = Shown(placement.Map.Members[i], members, roundTripTo);
            (shown.BucketsBound, shown.BucketsEvenBound) = (placement.Map.BoundOf(i), placement.Map.EvenBoundOf(i));
            shown.Flapping = placement.IsFlapping(placement.Map.Members[i].Id);
        }

        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            var homes = placement.Map.HomeOwners(bucket);
            counted[homes[0]].BucketsFirst++;
            foreach (var home in homes) counted[home].BucketsHeld++;
            if (placement.ActingOwners(bucket) is [var planner, ..]) counted[planner].BucketsPlanned++;
        }

        return counted;
    }

    private static V1.RingMember Shown(Core.Ring.RingMember member, MembersSnapshot members, Func<NodeId, TimeSpan?> roundTripTo)
    {
        var shown = new V1.RingMember { NodeId = member.Id.ToString(), Zone = member.Zone, Weight = member.Weight, RttUs = ProtoMapping.Micros(roundTripTo(member.Id)) };
        if (!members.Members.TryGetValue(member.Id, out var record)) return shown;
        shown.Name = record.Meta.Name;
        shown.State = ProtoMapping.ToProto(record.State);
        (shown.Epoch, shown.Incarnation) = (record.Epoch, record.Incarnation);
        shown.Capabilities.AddRange(record.Meta.CapabilityList());
        (shown.Draining, shown.Leaving) = (record.Meta.IsDraining, record.Meta.IsLeaving);
        return shown;
    }
}
