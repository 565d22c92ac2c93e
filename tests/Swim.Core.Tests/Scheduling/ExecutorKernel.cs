using System.Collections.Immutable;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;

namespace Swim.Core.Tests.Scheduling;

/// <summary>The state kernel of one node among three, which runs what a planner that the test plays gives it. All it asks of its host is kept.</summary>
internal sealed class ExecutorKernel
{
    /// <summary>The right time when it starts, in ms.</summary>
    public const long StartMs = 1_700_000_000_000;

    public static readonly NodeId Self = new(1);
    public static readonly NodeId Planner = new(2);
    public static readonly NodeId Third = new(3);
    private readonly StateKernel _kernel = new(Self, new ReplicaCore(new ReplicaSettings(Self, 7), new Prng(3)), new SchedulerCore(4));
    private readonly HashSet<NodeTimer> _timers = [];
    private readonly long _behindMs;
    private long _ticks = TimeSpan.TicksPerSecond;

    /// <summary>One whose clock is behind the others' by so much.</summary>
    public ExecutorKernel(long behindMs = 0)
    {
        _behindMs = behindMs;
        _kernel.OnRecovered(0);
        _kernel.Start(Now);
        _kernel.OnMembers(Now, Members);
        Take();
    }

    /// <summary>What it asked for since <see cref="Forget"/>.</summary>
    public List<Output> Given { get; } = [];

    public MembersSnapshot Members { get; } = new(1, new[] { Self, Planner, Third }.ToImmutableSortedDictionary(static id => id, static id => new MemberRecord(
        id, 1, 0, MemberState.Alive, new MemberMeta("n", "h", 1, 2, 3, "", 4))), 1);

    private Now Now => new(_ticks, StartMs - _behindMs + ((_ticks - TimeSpan.TicksPerSecond) / Now.TicksPerMs));

    public void Forget() => Given.Clear();

    public void Hear(NodeId from, PeerMessage message)
    {
        _kernel.OnMessage(Now, from, message);
        Take();
    }

    /// <summary>A member whose clock is right tells the time.</summary>
    public void HearTime(NodeId from) => Hear(from, new ClockTell(_ticks, StartMs, true));

    /// <summary>The planner dispatches the first attempt at a task.</summary>
    public void Dispatch(WorkflowId workflow, long leaseUntilMs = 0) => Hear(Planner, new Dispatch(
        new AttemptId(workflow, 0, 0, 1, 9), 1, 1, 1, "builtin:echo", "{}"u8.ToArray(), TimeSpan.FromSeconds(30))
    { LeaseUntilUnixMs = leaseUntilMs });

    /// <summary>So much time passes, and the timers of the scheduler that were ever set are due.</summary>
    public void Pass(int ms)
    {
        _ticks += ms * Now.TicksPerMs;
        foreach (var timer in _timers.ToList()) _kernel.OnTimer(Now, timer);
        Take();
    }

    private void Take()
    {
        while (_kernel.TryTake(out var output))
        {
            Given.Add(output!);
            if (output is SetTimer { Timer: { Kind: >= StateKernel.SchedulerTimers } timer }) _timers.Add(timer);
        }
    }
}
