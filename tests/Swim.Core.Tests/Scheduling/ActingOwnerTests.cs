using System.Collections.Immutable;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Scheduling;

/// <summary>An executor tells of what it runs to whoever acts for the workflow, which changes when the owner's clock is off.</summary>
public sealed class ActingOwnerTests
{
    private static readonly NodeId Self = new(1);
    private static readonly NodeId Planner = new(2);
    private static readonly NodeId Third = new(3);
    private readonly StateKernel _kernel = new(Self, new ReplicaCore(new ReplicaSettings(Self, 7), new Prng(3)), new SchedulerCore(4));
    private readonly List<Output> _given = [];
    private readonly MembersSnapshot _members = new(1, new[] { Self, Planner, Third }.ToImmutableSortedDictionary(static id => id, static id => new MemberRecord(
        id, 1, 0, MemberState.Alive, new MemberMeta("n", "h", 1, 2, 3, "", 4))), 1);

    private long _ticks = TimeSpan.TicksPerSecond;

    public ActingOwnerTests()
    {
        _kernel.OnRecovered(0);
        _kernel.Start(Now);
        _kernel.OnMembers(Now, _members);
        Take();
    }

    private Now Now => new(_ticks, 1_700_000_000_000 + (_ticks / Now.TicksPerMs));

    [Fact]
    public void It_tells_the_next_owner_while_the_first_ones_clock_is_off()
    {
        _kernel.OnMessage(Now, Planner, new Dispatch(OfPlanner(), 1, 1, 1, "builtin:echo", "{}"u8.ToArray(), TimeSpan.FromSeconds(30)));
        Assert.Equal(Planner, ToldAfterASecond());
        _kernel.OnMessage(Now, Planner, new ClockOff(60_000));
        Assert.Equal(Third, ToldAfterASecond());
        _kernel.OnMessage(Now, Planner, new ClockOff(0));
        Assert.Equal(Planner, ToldAfterASecond());
    }

    // An attempt at a workflow that the planner owns as the first and the third node as the second.
    private AttemptId OfPlanner()
    {
        var map = Placement.Build(7, 3, Self, _members, null).Map;
        var place = Enumerable.Range(1, 4_000).Select(static i => (ulong)i << 52).First(place => map.HomeOwners(Buckets.BucketOf(place)) is [var first, var second, ..] && first == Planner && second == Third);
        return new AttemptId(new WorkflowId(place, 2), 0, 0, 1, 9);
    }

    private NodeId ToldAfterASecond()
    {
        Take();
        _given.Clear();
        _ticks += TimeSpan.TicksPerSecond;
        _kernel.OnTimer(Now, new NodeTimer(StateKernel.SchedulerTimers, 0, 0));
        Take();
        return _given.OfType<SendToPeer>().Last(static send => send.Message is AttemptsRunning).To;
    }

    private void Take()
    {
        while (_kernel.TryTake(out var output)) _given.Add(output!);
    }
}
