using System.Collections.Immutable;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Tests.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Scheduling;

/// <summary>Nodes that drain while planners still hold credits of theirs.</summary>
public sealed class DrainTests
{
    private const int Tasks = 40;
    private static readonly NodeId Self = new(1);
    private static readonly NodeId Planner = new(2);
    private static readonly AttemptId Attempt = new(new WorkflowId(1, 2), 0, 0, 1, 9);

    [Fact]
    public void While_all_drain_nothing_begins_and_afterwards_all_of_it_as_the_first_attempt()
    {
        var cluster = new KernelCluster(3);
        for (var node = 1; node <= 3; node++) cluster.SetDraining(node, true);
        var submit = Submit(cluster, "k");
        cluster.RunFor(20_000);
        Assert.Equal(0, cluster.Started);
        for (var node = 1; node <= 3; node++) cluster.SetDraining(node, false);
        var view = Show(cluster, submit, TimeSpan.FromSeconds(20));
        Assert.Equal(WorkflowState.Succeeded, view.State);
        Assert.All(view.Tasks, static task => Assert.Equal(1, task.Attempt));
        Assert.Equal(Tasks, cluster.Started);
    }

    [Fact]
    public void What_was_granted_is_recalled_and_what_is_dispatched_all_the_same_goes_back_unstarted()
    {
        var scheduler = new SchedulerCore(4);
        var members = new[] { Self, Planner }.ToImmutableSortedDictionary(static id => id, static id => new MemberRecord(
            id, 1, 0, MemberState.Alive, new MemberMeta("n", "h", 1, 2, 3, "", 4)));
        scheduler.OnPlacement(default, Placement.Build(7, 3, Self, new MembersSnapshot(1, members, 1), null), new Outbox());
        var granted = Sent<CreditGrant>(outbox => scheduler.OnMessage(default, Planner, new CreditDemand(1, 1, 3, 0, 0, 0), outbox));
        Assert.Equal((3, false), (granted!.Granted, granted.Recall));
        Assert.True(Sent<CreditGrant>(outbox => scheduler.Drain(true, outbox))!.Recall);

        Assert.Equal(Attempt, Sent<AttemptHandedBack>(outbox => scheduler.OnMessage(default, Planner, Dispatched(1), outbox))!.Attempt);
        Assert.Equal(0, scheduler.Running);
        Assert.Equal(3, Sent<CreditGrant>(outbox => scheduler.OnMessage(default, Planner, new CreditDemand(1, 1, 3, 0, 1, 2), outbox))!.Granted);

        Assert.Equal(6, Sent<CreditGrant>(outbox => scheduler.Drain(false, outbox))!.Granted);
        scheduler.OnMessage(default, Planner, Dispatched(2), new Outbox());
        Assert.Equal(1, scheduler.Running);
        scheduler.Drain(true, new Outbox());
        Assert.Equal(1, scheduler.Running);
    }

    private static Dispatch Dispatched(long creditsUsed) => new(Attempt, 1, 1, creditsUsed, "builtin:echo", "{}"u8.ToArray(), TimeSpan.FromSeconds(30));

    private static T? Sent<T>(Action<Outbox> input) where T : PeerMessage
    {
        var outbox = new Outbox();
        input(outbox);
        return outbox.Items.OfType<SendToPeer>().Select(static send => send.Message).OfType<T>().SingleOrDefault();
    }

    private static string Document => $$"""{"name":"many","tasks":[{{string.Join(',', Enumerable.Range(0, Tasks).Select(static i => $$"""{"id":"t{{i}}","tool":"builtin:echo","arguments":{"value":1} }"""))}}]}""";

    private static SubmitCommand Submit(KernelCluster cluster, string key)
    {
        var submit = KernelCluster.Submission(Document, key);
        Assert.IsType<Submitted>(cluster.Ask(1, submit));
        return submit;
    }

    private static WorkflowView Show(KernelCluster cluster, SubmitCommand submit, TimeSpan wait) =>
        Assert.IsType<Shown>(cluster.Ask(1, new GetCommand("default", submit.Id, wait), 30_000)).View;
}
