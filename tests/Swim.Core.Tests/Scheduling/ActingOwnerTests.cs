using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Scheduling;

/// <summary>An executor tells of what it runs to whoever acts for the workflow, which changes when the owner's clock is off.</summary>
public sealed class ActingOwnerTests
{
    private readonly ExecutorKernel _node = new();

    [Fact]
    public void It_tells_the_next_owner_while_the_first_ones_clock_is_off()
    {
        _node.Dispatch(OfPlanner());
        Assert.Equal(ExecutorKernel.Planner, ToldAfterASecond());
        _node.Hear(ExecutorKernel.Planner, new ClockOff(60_000));
        Assert.Equal(ExecutorKernel.Third, ToldAfterASecond());
        _node.Hear(ExecutorKernel.Planner, new ClockOff(0));
        Assert.Equal(ExecutorKernel.Planner, ToldAfterASecond());
    }

    // A workflow that the planner owns as the first and the third node as the second.
    private WorkflowId OfPlanner()
    {
        var map = Placement.Build(7, 3, ExecutorKernel.Self, _node.Members, null).Map;
        NodeId[] wanted = [ExecutorKernel.Planner, ExecutorKernel.Third];
        var bucket = Enumerable.Range(0, Buckets.Count).First(bucket => map.HomeOwners(bucket).ToArray().Take(2).SequenceEqual(wanted));
        return new WorkflowId((ulong)bucket << 52, 2);
    }

    private NodeId ToldAfterASecond()
    {
        _node.Forget();
        _node.Pass(1_000);
        return _node.Given.OfType<SendToPeer>().Last(static send => send.Message is AttemptsRunning).To;
    }
}
