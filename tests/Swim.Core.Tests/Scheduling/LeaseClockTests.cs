using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Scheduling;

/// <summary>An executor whose clock is an hour behind the others', which it knows: leases are counted by theirs.</summary>
public sealed class LeaseClockTests
{
    private readonly ExecutorKernel _node = new(behindMs: 3_600_000);

    public LeaseClockTests()
    {
        _node.HearTime(ExecutorKernel.Planner);
        _node.HearTime(ExecutorKernel.Third);
    }

    [Fact]
    public void Nothing_begins_under_a_lease_that_is_over()
    {
        _node.Dispatch(new WorkflowId(1, 2), ExecutorKernel.StartMs - 1);
        Assert.Empty(_node.Given.OfType<StartTask>());
        Assert.Single(_node.Given.OfType<SendToPeer>(), static send => send.Message is AttemptHandedBack);
    }

    [Fact]
    public void What_runs_is_stopped_when_its_lease_is_over()
    {
        _node.Dispatch(new WorkflowId(1, 2), ExecutorKernel.StartMs + 5_000);
        Assert.Single(_node.Given.OfType<StartTask>());
        _node.Pass(4_900);
        Assert.Empty(_node.Given.OfType<StopTask>());
        _node.Pass(200);
        Assert.Single(_node.Given.OfType<StopTask>());
    }
}
