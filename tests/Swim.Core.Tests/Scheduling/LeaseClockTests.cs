using System.Collections.Immutable;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Scheduling;

/// <summary>An executor whose clock is an hour behind the others', which it knows: leases are counted by theirs.</summary>
public sealed class LeaseClockTests
{
    private const long TrueMs = 1_700_000_000_000;
    private const long BehindMs = 3_600_000;
    private static readonly NodeId Self = new(1);
    private static readonly NodeId Planner = new(2);
    private static readonly NodeId Third = new(3);
    private readonly StateKernel _kernel = new(Self, new ReplicaCore(new ReplicaSettings(Self, 7), new Prng(3)), new SchedulerCore(4));
    private readonly List<Output> _given = [];
    private long _ticks = TimeSpan.TicksPerSecond;

    public LeaseClockTests()
    {
        var members = new[] { Self, Planner, Third }.ToImmutableSortedDictionary(static id => id, static id => new MemberRecord(
            id, 1, 0, MemberState.Alive, new MemberMeta("n", "h", 1, 2, 3, "", 4)));
        _kernel.OnRecovered(0);
        _kernel.Start(Now);
        _kernel.OnMembers(Now, new MembersSnapshot(1, members, 1));
        foreach (var other in new[] { Planner, Third }) _kernel.OnMessage(Now, other, new ClockTell(_ticks, TrueMs, true));
        Take();
    }

    private Now Now => new(_ticks, TrueMs - BehindMs + ((_ticks - TimeSpan.TicksPerSecond) / Now.TicksPerMs));

    [Fact]
    public void Nothing_begins_under_a_lease_that_is_over()
    {
        Dispatch(TrueMs - 1);
        Assert.Empty(_given.OfType<StartTask>());
        Assert.Single(_given.OfType<SendToPeer>(), static send => send.Message is AttemptHandedBack);
    }

    [Fact]
    public void What_runs_is_stopped_when_its_lease_is_over()
    {
        Dispatch(TrueMs + 5_000);
        Assert.Single(_given.OfType<StartTask>());
        Pass(4_900);
        Assert.Empty(_given.OfType<StopTask>());
        Pass(200);
        Assert.Single(_given.OfType<StopTask>());
    }

    private void Dispatch(long leaseUntilMs)
    {
        var attempt = new AttemptId(new WorkflowId(1, 2), 0, 0, 1, 9);
        _kernel.OnMessage(Now, Planner, new Dispatch(attempt, 1, 1, 1, "builtin:echo", "{}"u8.ToArray(), TimeSpan.FromSeconds(30)) { LeaseUntilUnixMs = leaseUntilMs });
        Take();
    }

    private void Pass(int ms)
    {
        _ticks += ms * Now.TicksPerMs;
        foreach (var timer in _given.OfType<SetTimer>().Select(static set => set.Timer).Where(static timer => timer.Kind >= StateKernel.SchedulerTimers).Distinct().ToList())
            _kernel.OnTimer(Now, timer);
        Take();
    }

    private void Take()
    {
        while (_kernel.TryTake(out var output)) _given.Add(output!);
    }
}
