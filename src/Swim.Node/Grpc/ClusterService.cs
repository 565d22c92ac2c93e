using System.Diagnostics;
using Grpc.Core;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Node.Hosting;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>The API's cluster: answers from published snapshots, and from a look into the state loop.</summary>
internal sealed class ClusterService(NodeParts parts) : Cluster.ClusterBase
{
    private const int DrainWaitMsMax = 30_000;
    private const string WithoutMost =
        "Most members could not be reached: those that were not go on with the removed one until they hear of it, and until then nothing that needs a majority is promised.";

    private static readonly TimeSpan DrainPeriod = TimeSpan.FromMilliseconds(50);

    public override Task<GetMembersResponse> GetMembers(GetMembersRequest request, ServerCallContext context)
    {
        var members = parts.Membership.Members;
        var response = new GetMembersResponse { ViewFingerprint = ProtoMapping.Hex(members.Fingerprint) };
        response.Members.AddRange(members.Members.Values.Where(member => !parts.Membership.IsForgotten(member)).Select(Shown));
        return System.Threading.Tasks.Task.FromResult(response);
    }

    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        var members = parts.Membership.Members;
        var state = await parts.State.LookAsync().WaitAsync(context.CancellationToken).ConfigureAwait(false);
        var response = new GetStatusResponse
        {
            NodeId = parts.Self.ToString(),
            Name = parts.Name,
            Cluster = parts.Options.Cluster,
            Version = typeof(ClusterService).Assembly.GetName().Version!.ToString(3),
            Ready = parts.IsReady,
            UptimeMs = (long)HostClock.Now.Since(parts.StartedTicks).TotalMilliseconds,
            MembersAlive = members.Live.Count(),
            MembersKnown = members.Members.Values.Count(member => !parts.Membership.IsForgotten(member)),
            LostCells = state.LostCells,
            LostWorkflows = state.LostWorkflows,
            Workflows = state.Workflows,
            WorkflowsRunning = state.WorkflowsRunning,
            Cells = state.Cells,
            LogPosition = state.LogPosition,
            LogBytes = state.LogBytes,
            Build = BuildFacts.Describe,
            RingFingerprint = ProtoMapping.Hex(state.RingFingerprint),
            Slots = parts.Options.Slots,
            SlotsBusy = state.SlotsBusy,
            Draining = state.IsDraining,
        };
        foreach (var (name, count) in parts.Counters.Snapshot()) response.Counters[name] = count;
        if (state.ClockOffMs != 0) response.Counters["clock_off_ms"] = state.ClockOffMs;
        if (state.ClockRefusedBy != 0) response.Counters["clock_refused_by"] = state.ClockRefusedBy;
        if (parts.State.IsDiskFull) response.Counters["disk_full"] = 1;
        return response;
    }

    public override async Task<DrainResponse> Drain(DrainRequest request, ServerCallContext context)
    {
        if (request.WaitMs is < 0 or > DrainWaitMsMax) throw ApiErrors.Invalid($"wait_ms {request.WaitMs} is out of range: give 0 to {DrainWaitMsMax}.");
        var begun = Stopwatch.GetTimestamp();
        parts.State.SetDraining(!request.Cancel, parts.Membership.AnnounceDraining);
        while (true)
        {
            var state = await parts.State.LookAsync().WaitAsync(context.CancellationToken).ConfigureAwait(false);
            var isOver = state.SlotsBusy == 0 || !state.IsDraining || Stopwatch.GetElapsedTime(begun).TotalMilliseconds >= request.WaitMs;
            if (isOver) return new DrainResponse { Draining = state.IsDraining, TasksRunning = state.SlotsBusy };
            await System.Threading.Tasks.Task.Delay(DrainPeriod, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<LeaveResponse> Leave(LeaveRequest request, ServerCallContext context)
    {
        if (request.WaitMs is < 0 or > DrainWaitMsMax) throw ApiErrors.Invalid($"wait_ms {request.WaitMs} is out of range: give 0 to {DrainWaitMsMax}.");
        if (!request.Cancel && !parts.Departure.HasLeft && !parts.Membership.Members.Live.Any(member => member.Id != parts.Self && !member.Meta.IsLeaving))
        {
            throw ApiErrors.Of(StatusCode.FailedPrecondition, "NO_OTHER_MEMBER",
                "No other member is up that stays: nobody could take over the state. To end the last node, stop its process.", false);
        }

        var begun = Stopwatch.GetTimestamp();
        parts.Departure.Want(!request.Cancel);
        while (!parts.Departure.HasLeft)
        {
            var isOver = request.Cancel || Stopwatch.GetElapsedTime(begun).TotalMilliseconds >= request.WaitMs;
            if (isOver) return await HandoffMapping.LookAsync(parts, !request.Cancel, context.CancellationToken).ConfigureAwait(false);
            await System.Threading.Tasks.Task.Delay(DrainPeriod, context.CancellationToken).ConfigureAwait(false);
        }

        return new LeaveResponse { Leaving = true, Left = true };
    }

    public override async Task<RemoveMemberResponse> RemoveMember(RemoveMemberRequest request, ServerCallContext context)
    {
        var member = MemberReference.Resolve(parts.Membership.Members.Members.Values, request.Member);
        var reply = await parts.State.AskAsync(new RemoveMemberCommand(member.Id, request.Force), context.CancellationToken).ConfigureAwait(false);
        if (reply is Refused refused) throw ApiErrors.Of(refused);
        if (reply is not MemberRemoved removed) throw ApiErrors.Busy();
        return new RemoveMemberResponse
        {
            NodeId = removed.Node.ToString(),
            Name = member.Meta.Name,
            Epoch = removed.Epoch,
            Existing = removed.Existing,
            Durable = removed.Acked >= Core.Replication.AckLevel.K,
            MembersReachable = removed.Reachable,
            Members = removed.Members,
            Warning = removed.Reachable * 2 > removed.Members ? "" : WithoutMost,
        };
    }

    public override async Task<GetReachResponse> GetReach(GetReachRequest request, ServerCallContext context)
    {
        var members = parts.Membership.Members.Members.Values.Where(member => member.Id != parts.Self && !parts.Membership.IsForgotten(member));
        var look = await LookAsync(static (core, now) => Tuple.Create(core.Reach, now), context).ConfigureAwait(false);
        var reach = look.Item1.ToDictionary(static peer => peer.Id);
        var response = new GetReachResponse();
        response.Members.AddRange(members.Select(member => ProtoMapping.ToProto(member, reach.GetValueOrDefault(member.Id), look.Item2)));
        return response;
    }

    public override async Task<GetRttResponse> GetRtt(GetRttRequest request, ServerCallContext context)
    {
        var distances = await LookAsync((core, now) => new RttMapping(parts.Self, core.Look.Coordinate, core.Distances.ToDictionary(static peer => peer.Id), now), context).ConfigureAwait(false);
        // Only after the loop was heard of: before it has begun not even this node is among them.
        var members = parts.Membership.Members.Members.Values.Where(member => !parts.Membership.IsForgotten(member)).ToList();
        var from = request.From.Length == 0 ? members.First(member => member.Id == parts.Self) : MemberReference.Resolve(members, request.From);
        var to = request.To.Length == 0 ? members.Where(member => member.Id != from.Id) : [MemberReference.Resolve(members, request.To)];
        var response = new GetRttResponse();
        response.Rtts.AddRange(to.Select(member => distances.ToProto(from, member)));
        return response;
    }

    public override async System.Threading.Tasks.Task WatchMembers(WatchMembersRequest request, IServerStreamWriter<WatchMembersResponse> responseStream, ServerCallContext context)
    {
        using var follower = parts.Membership.Feed.Enter()
            ?? throw ApiErrors.Of(StatusCode.ResourceExhausted, "BUSY", $"{MemberFeed.FollowersMax} follow the members of this node already: ask another.", true);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, parts.Stopping);
        try
        {
            while (true)
            {
                var news = MemberEvents.ToProto(await follower.NextAsync(end.Token).ConfigureAwait(false), parts.Membership, Shown);
                if (news is not null) await responseStream.WriteAsync(news).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (parts.Stopping.IsCancellationRequested)
        {
            // The end of the stream says it.
        }
    }

    public override Task<KeysResponse> ListKeys(ListKeysRequest request, ServerCallContext context) => new KeyRounds(parts).ListKeysAsync(request, context.CancellationToken);

    public override Task<KeysResponse> InstallKey(InstallKeyRequest request, ServerCallContext context) => new KeyRounds(parts).InstallKeyAsync(request, context.CancellationToken);

    public override Task<KeysResponse> UseKey(UseKeyRequest request, ServerCallContext context) => new KeyRounds(parts).UseKeyAsync(request, context.CancellationToken);

    public override Task<KeysResponse> RemoveKey(RemoveKeyRequest request, ServerCallContext context) => new KeyRounds(parts).RemoveKeyAsync(request, context.CancellationToken);

    private Member Shown(MemberRecord member) => ProtoMapping.ToProto(member, parts.Self, parts.Membership.RoundTripTo(member.Id));

    private async Task<T> LookAsync<T>(Func<MembershipCore, Now, T> read, ServerCallContext context)
        where T : class => await parts.Membership.LookAsync(read).WaitAsync(context.CancellationToken).ConfigureAwait(false) ?? throw ApiErrors.Busy();

    public override async Task<GetRingResponse> GetRing(GetRingRequest request, ServerCallContext context)
    {
        WorkflowId? workflow = request.WorkflowId.Length == 0 ? null
            : WorkflowId.TryParse(request.WorkflowId, out var id) ? id
            : throw ApiErrors.Invalid("workflow_id must be 32 hexadecimal digits, as the submission answered, or empty.");
        var members = parts.Membership.Members;
        return await parts.State.LookAtRingAsync((placement, replica) => RingMapping.ToProto(placement, replica, members, workflow, parts.Membership.RoundTripTo)).WaitAsync(context.CancellationToken).ConfigureAwait(false)
            ?? throw ApiErrors.Of(StatusCode.Unavailable, "NOT_READY", "The node has not joined its cluster yet: try again, or ask another.", true);
    }
}
