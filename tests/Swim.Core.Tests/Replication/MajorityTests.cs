using Swim.Core.Clocks;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Workflows whose claims need most home owners, on kernels on virtual time.</summary>
public sealed class MajorityTests
{
    private const string Echo = """{"consistency":"majority","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}""";
    private const string Long = """{"consistency":"majority","tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":40000}}]}""";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void It_runs_at_once_where_most_owners_are_there(int nodes)
    {
        var cluster = new KernelCluster(nodes);
        var began = cluster.NowMs;
        var view = Run(cluster, 1, Echo);
        Assert.Equal(WorkflowState.Succeeded, view.State);
        Assert.Equal(1, view.Tasks[0].Attempt);
        Assert.InRange(cluster.StartsMs.Single() - began, 0, 50);
    }

    [Fact]
    public void A_task_longer_than_a_lease_keeps_it_by_renewal()
    {
        var cluster = new KernelCluster(3);
        var view = Run(cluster, 1, Long, 60_000);
        Assert.Equal((WorkflowState.Succeeded, 1), (view.State, cluster.Started));
        Assert.Equal(1, view.Tasks[0].Attempt);
    }

    [Fact]
    public void The_smaller_side_waits_with_its_tasks_ready_and_ends_after_the_heal()
    {
        var cluster = new KernelCluster(3);
        cluster.Cut(1);
        var submit = KernelCluster.Submission(Echo);
        cluster.Ask(1, submit);
        cluster.RunFor(30_000);
        Assert.Equal(0, cluster.Started);
        var waiting = View(cluster, 1, submit.Id);
        Assert.Equal((WorkflowState.Running, TaskState.Pending), (waiting.State, waiting.Tasks[0].State));
        cluster.Heal();
        cluster.RunFor(15_000);
        Assert.Equal(WorkflowState.Succeeded, View(cluster, 2, submit.Id).State);
        Assert.Equal(1, cluster.Started);
    }

    [Fact]
    public void The_larger_side_goes_on()
    {
        var cluster = new KernelCluster(3);
        cluster.Cut(1);
        Assert.Equal(WorkflowState.Succeeded, Run(cluster, 2, Echo).State);
    }

    [Fact]
    public void An_executor_that_is_cut_off_stops_before_another_begins()
    {
        var cluster = new KernelCluster(3);
        var submit = KernelCluster.Submission(Long);
        cluster.Ask(1, submit);
        cluster.RunFor(2_000);
        var executor = (int)Claims(cluster).Single().Executor.Value;
        var stops = cluster.StopsMs;
        Assert.Empty(stops);
        cluster.Cut(executor);
        cluster.RunFor(30_000);
        Assert.Equal(2, cluster.Started);
        Assert.True(stops[0] <= cluster.StartsMs[1], $"stopped at {stops[0]}, begun anew at {cluster.StartsMs[1]}");
    }

    [Fact]
    public void A_claim_that_no_second_disk_has_is_not_begun()
    {
        var cluster = new KernelCluster(3) { Loses = static send => send.Message is PushCells or RepairCells };
        var submit = KernelCluster.Submission(Echo, ack: AckLevel.Local);
        cluster.Ask(1, submit);
        cluster.RunFor(20_000);
        Assert.Equal(0, cluster.Started);
        cluster.Loses = static _ => false;
        cluster.RunFor(20_000);
        Assert.Equal(WorkflowState.Succeeded, View(cluster, 1, submit.Id).State);
    }

    [Fact]
    public void A_restarted_voter_votes_on_older_workflows_only_after_a_lease()
    {
        var cluster = new KernelCluster(3);
        var submit = KernelCluster.Submission(Long);
        cluster.Ask(1, submit);
        cluster.RunFor(2_000);
        var attempt = Attempt(cluster, submit.Id);
        var voter = cluster.RestartAlone(2, 2_000);
        Assert.Equal(VoteVerdict.Restarted, voter.Vote(AskFor(attempt, attempt.Token + 1, [])).Verdict);
        Assert.Equal(VoteVerdict.Restarted, voter.Vote(AskFor(attempt, attempt.Token, [])).Verdict);
        voter.Pass(10_001);
        Assert.Equal(VoteVerdict.Granted, voter.Vote(AskFor(attempt, attempt.Token, [])).Verdict);
    }

    [Fact]
    public void A_restarted_voter_whose_clock_is_an_hour_behind_takes_nothing_older_for_newer_than_its_start()
    {
        var cluster = new KernelCluster(3);
        var submit = KernelCluster.Submission(Long);
        cluster.Ask(1, submit);
        cluster.RunFor(2_000);
        var attempt = Attempt(cluster, submit.Id);
        var voter = cluster.RestartAlone(2, 2_000, clockAheadMs: -3_600_000);
        Assert.Equal(VoteVerdict.Restarted, voter.Vote(AskFor(attempt, attempt.Token + 1, [])).Verdict);
        voter.Hears(1, cluster.NowMs + 2_000);
        voter.Hears(3, cluster.NowMs + 2_000);
        Assert.Equal(VoteVerdict.Restarted, voter.Vote(AskFor(attempt, attempt.Token + 1, [])).Verdict);
        voter.Pass(10_001);
        Assert.Equal(VoteVerdict.Granted, voter.Vote(AskFor(attempt, attempt.Token, [])).Verdict);
    }

    [Fact]
    public void A_voter_refuses_all_but_the_token_it_voted_for_until_the_lease_is_over_or_it_ended()
    {
        var voter = new KernelCluster(3).RestartAlone(3, 0);
        voter.Pass(10_001);
        var attempt = new AttemptId(KernelCluster.Submission(Echo).Id, 0, 0, 1, 100);
        Assert.Equal(VoteVerdict.Granted, voter.Vote(AskFor(attempt, 100, [])).Verdict);
        voter.Pass(4_000);
        var held = voter.Vote(AskFor(attempt with { Attempt = 2 }, 200, []));
        Assert.Equal((VoteVerdict.Held, 100UL, 6_000L), (held.Verdict, held.Holder, held.RemainingMs));
        Assert.Equal(VoteVerdict.Granted, voter.Vote(AskFor(attempt, 100, [])).Verdict);
        voter.Pass(9_999);
        Assert.Equal(VoteVerdict.Held, voter.Vote(AskFor(attempt, 200, [])).Verdict);
        voter.Pass(1);
        Assert.Equal(VoteVerdict.Granted, voter.Vote(AskFor(attempt, 200, [])).Verdict);
        Assert.Equal(VoteVerdict.Granted, voter.Vote(AskFor(attempt, 300, [200])).Verdict);
    }

    [Fact]
    public void Nobody_votes_for_a_lease_that_would_begin_in_the_future()
    {
        var voter = new KernelCluster(3).RestartAlone(3, 0);
        voter.Pass(10_001);
        var asked = AskFor(new AttemptId(KernelCluster.Submission(Echo).Id, 0, 0, 1, 100), 100, []);
        Assert.Equal(VoteVerdict.Ahead, voter.Vote(asked, HlcTimestamp.From(voter.NowMs + MajorityTiming.SkewMs + 1, 0).Value).Verdict);
        Assert.Equal(VoteVerdict.Granted, voter.Vote(asked, HlcTimestamp.From(voter.NowMs + MajorityTiming.SkewMs, 0).Value).Verdict);
    }

    [Fact]
    public void Nobody_votes_who_is_not_named_or_who_counts_others()
    {
        var voter = new KernelCluster(4).RestartAlone(4, 0);
        voter.Pass(10_001);
        var attempt = new AttemptId(KernelCluster.Submission(Echo).Id, 0, 0, 1, 100);
        Assert.Equal(VoteVerdict.OtherVoters, voter.Vote(AskFor(attempt, 100, [])).Verdict);
        var asked = AskFor(attempt, 100, [], 2, 3, 4);
        Assert.Equal(VoteVerdict.OtherVoters, voter.Vote(asked with { Counting = asked.Counting + 1 }).Verdict);
        Assert.Equal(VoteVerdict.Granted, voter.Vote(asked).Verdict);
    }

    [Fact]
    public void When_a_voter_leaves_the_others_vote_only_after_a_lease_and_then_without_it()
    {
        var voter = new KernelCluster(3).RestartAlone(3, 0);
        voter.Pass(10_001);
        var attempt = new AttemptId(KernelCluster.Submission(Echo).Id, 0, 0, 1, 100);
        voter.Leaves(1);
        Assert.Equal(VoteVerdict.OtherVoters, voter.Vote(AskFor(attempt, 100, [])).Verdict);
        var without = AskFor(attempt, 100, []) with { Counting = MajorityVoter.CountingOf(voter.Placement, Nodes(2, 3)) };
        Assert.Equal(VoteVerdict.Settling, voter.Vote(without).Verdict);
        voter.Pass(10_001);
        Assert.Equal(VoteVerdict.Granted, voter.Vote(without).Verdict);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData(",\"strict_fencing\":true", 2)]
    public void A_late_success_of_an_old_attempt_counts_unless_fencing_is_strict(string fencing, int winner)
    {
        var cluster = new KernelCluster(3);
        var submit = KernelCluster.Submission($$"""{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":30000}{{fencing}}}]}""");
        cluster.Ask(1, submit);
        cluster.RunFor(1_000);
        var first = Claims(cluster).Single();
        cluster.Cut((int)first.Executor.Value);
        cluster.RunFor(5_000);
        Assert.Equal(2, Claims(cluster).Max(static claim => claim.Attempt));
        cluster.Heal();
        cluster.RunFor(60_000);
        Assert.Equal((WorkflowState.Succeeded, winner), (View(cluster, 1, submit.Id).State, View(cluster, 1, submit.Id).Tasks[0].Attempt));
    }

    private static AskedLease AskFor(AttemptId attempt, ulong token, ulong[] ended, params ulong[] voters)
    {
        var nodes = Nodes(voters.Length == 0 ? [1, 2, 3] : voters);
        return new AskedLease(attempt with { Token = token }, ended, nodes, SoleVoter.CountingOf(nodes));
    }

    private static Core.Primitives.NodeId[] Nodes(params ulong[] ids) => [.. ids.Select(static id => new Core.Primitives.NodeId(id))];

    private static WorkflowView Run(KernelCluster cluster, int node, string json, int withinMs = 5_000)
    {
        var submit = KernelCluster.Submission(json);
        cluster.Ask(node, submit);
        cluster.RunFor(withinMs);
        return View(cluster, node, submit.Id);
    }

    private static WorkflowView View(KernelCluster cluster, int node, WorkflowId id) =>
        Assert.IsType<Shown>(cluster.Ask(node, new GetCommand("default", id, TimeSpan.Zero))).View;

    private static IEnumerable<TaskClaimed> Claims(KernelCluster cluster) => cluster.Notices.OfType<TaskClaimed>();

    private static AttemptId Attempt(KernelCluster cluster, WorkflowId id)
    {
        var status = cluster.Replicas.Values.First().Find(id)!.StatusOf(0)!;
        return ClaimBook.AttemptOf(id, 0, status);
    }
}
