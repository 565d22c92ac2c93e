using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>One workflow for one idempotency key, also where both sides of a split took another document under it.</summary>
public sealed class IdempotencyKeyTests
{
    private const string Short = """{"name":"short-#","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}""";
    private const string Slow = """{"name":"slow","tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":60000}},{"id":"b","tool":"builtin:echo","arguments":{"value":1},"depends_on":["a"]}]}""";
    private const string SlowToo = """{"name":"slow-too-#","tasks":[{"id":"c","tool":"builtin:delay","arguments":{"ms":60001}}]}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_split_one_keeps_the_key_and_the_other_is_cancelled_on_every_node(bool isOtherFirst)
    {
        var cluster = new KernelCluster(4);
        var (first, second) = SubmitOnBothSides(cluster, Slow, SlowToo, isOtherFirst);
        cluster.Heal();
        cluster.RunFor(5_000);

        for (var node = 1; node <= 4; node++)
        {
            Assert.Equal((WorkflowState.Running, null), StateOf(cluster, node, first));
            Assert.Equal((WorkflowState.Cancelled, first), StateOf(cluster, node, second));
        }
    }

    [Fact]
    public void The_one_that_lost_its_key_says_who_has_it()
    {
        var cluster = new KernelCluster(4);
        var (first, second) = SubmitOnBothSides(cluster, Slow, SlowToo);
        cluster.Heal();
        cluster.RunFor(5_000);

        var task = Assert.Single(Shown(cluster, 1, second).Tasks);
        Assert.Equal((TaskState.Cancelled, "SUPERSEDED"), (task.State, task.ErrorCode));
        Assert.Contains(first.ToString(), task.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void The_merge_report_of_the_one_that_lost_its_key_names_the_holder_also_where_it_had_ended()
    {
        var cluster = new KernelCluster(4);
        var (first, second) = SubmitOnBothSides(cluster, Slow, Short);
        cluster.RunFor(2_000);
        cluster.Heal();
        cluster.RunFor(5_000);

        foreach (var view in Enumerable.Range(1, 4).Select(node => Shown(cluster, node, second)))
        {
            Assert.Equal((first, view.CreatedUnixMs), (view.Merges!.SupersededBy, view.Merges.LatestUnixMs));
            Assert.Null(Shown(cluster, 1, first).Merges);
        }
    }

    [Fact]
    public void The_key_answers_with_its_holder_afterwards()
    {
        var cluster = new KernelCluster(4);
        var (first, _) = SubmitOnBothSides(cluster, Slow, SlowToo);
        cluster.Heal();
        cluster.RunFor(5_000);

        for (var node = 1; node <= 4; node++)
        {
            var again = Assert.IsType<Submitted>(cluster.Ask(node, KernelCluster.Submission(Slow)));
            Assert.Equal((first, true), (again.Id, again.Existing));
            var refused = Assert.IsType<Refused>(cluster.Ask(node, Above(Slow, SlowToo)));
            Assert.Equal((RefusalReason.AlreadyExists, "KEY_TAKEN"), (refused.Reason, refused.Code));
            Assert.Contains(first.ToString(), refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_that_had_ended_stays_as_it_is_and_tells_that_it_lost_the_key()
    {
        var cluster = new KernelCluster(4);
        var (first, second) = SubmitOnBothSides(cluster, Slow, Short);
        cluster.RunFor(2_000);
        cluster.Heal();
        cluster.RunFor(5_000);

        Assert.Equal((WorkflowState.Running, null), StateOf(cluster, 2, first));
        Assert.Equal((WorkflowState.Succeeded, first), StateOf(cluster, 2, second));
    }

    [Fact]
    public void The_same_document_from_both_sides_is_one_workflow_that_counts_from_its_first_submission()
    {
        var cluster = new KernelCluster(4);
        var (first, second) = SubmitOnBothSides(cluster, Slow, Slow);
        Assert.Equal(first, second);
        var created = Shown(cluster, 1, first).CreatedUnixMs;
        cluster.Heal();
        cluster.RunFor(5_000);

        for (var node = 1; node <= 4; node++)
        {
            Assert.Equal((WorkflowState.Running, null), StateOf(cluster, node, first));
            Assert.Equal(created, Shown(cluster, node, first).CreatedUnixMs);
        }
    }

    [Fact]
    public void A_later_submission_of_the_same_workflow_does_not_move_its_first()
    {
        var key = new CellKey(new WorkflowId(1, 2), CellKind.Definition, default);
        var first = new Cell(key, new HlcTimestamp(100), new NodeId(1), new Dot(1, 1), new byte[] { 1 });
        var later = new Cell(key, new HlcTimestamp(200), new NodeId(2), new Dot(2, 1), new byte[] { 1 });

        Assert.True(first.CompareTo(later) > 0);
        foreach (var order in new[] { (Cell[])[first, later], [later, first] })
        {
            var bucket = new Bucket(0);
            foreach (var cell in order) bucket.Merge(cell);
            Assert.True(bucket.Cells.Single().SameAs(first));
        }
    }

    [Fact]
    public void Workflows_without_a_key_are_no_rivals()
    {
        var cluster = new KernelCluster(1);
        var (first, second) = (KernelCluster.Submission(Slow, ""), KernelCluster.Submission(SlowToo, ""));
        cluster.Ask(1, first);
        cluster.Ask(1, second with { Id = new WorkflowId(first.Id.Place, second.Id.Content) });
        cluster.RunFor(1_000);

        Assert.Equal((WorkflowState.Running, null), StateOf(cluster, 1, first.Id));
        Assert.Equal((WorkflowState.Running, null), StateOf(cluster, 1, new WorkflowId(first.Id.Place, second.Id.Content)));
    }

    // Nodes 1 and 2 take the one that keeps the key, 3 and 4 the other, earlier or later.
    private static (WorkflowId First, WorkflowId Second) SubmitOnBothSides(KernelCluster cluster, string first, string second, bool isOtherFirst = false)
    {
        cluster.Cut(1, 2);
        var other = isOtherFirst ? Id(cluster.Ask(3, Above(first, second))) : default;
        cluster.RunFor(50);
        var one = Id(cluster.Ask(1, KernelCluster.Submission(first)));
        cluster.RunFor(50);
        return (one, isOtherFirst ? other : Id(cluster.Ask(3, Above(first, second))));
    }

    // A variant of a document that has a higher id than another.
    private static SubmitCommand Above(string first, string second)
    {
        var least = KernelCluster.Submission(first).Id;
        if (!second.Contains('#', StringComparison.Ordinal)) return KernelCluster.Submission(second);
        return Enumerable.Range(0, 100).Select(i => KernelCluster.Submission(second.Replace("#", $"{i}", StringComparison.Ordinal))).First(submit => submit.Id > least);
    }

    private static WorkflowId Id(Reply reply) => Assert.IsType<Submitted>(reply).Id;

    private static WorkflowView Shown(KernelCluster cluster, int node, WorkflowId id) =>
        Assert.IsType<Shown>(cluster.Ask(node, new GetCommand("default", id, TimeSpan.Zero))).View;

    private static (WorkflowState State, WorkflowId? SupersededBy) StateOf(KernelCluster cluster, int node, WorkflowId id)
    {
        var view = Shown(cluster, node, id);
        return (view.State, view.SupersededBy);
    }
}
