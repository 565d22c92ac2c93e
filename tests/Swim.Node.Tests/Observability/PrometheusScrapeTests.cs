using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Node.Hosting;
using Swim.Node.Observability;
using Xunit;

namespace Swim.Node.Tests.Observability;

/// <summary>What is measured is what is written.</summary>
public sealed class PrometheusScrapeTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Counters _counters = new();
    private readonly NodeMetrics _metrics;
    private readonly PrometheusScrape _scrape;

    public PrometheusScrapeTests()
    {
        _metrics = new NodeMetrics(_services.GetRequiredService<IMeterFactory>(), _counters);
        _scrape = new PrometheusScrape(_metrics.Meter);
    }

    private string[] Lines => _scrape.Write().Split('\n');

    public void Dispose()
    {
        _scrape.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Counts_add_up_over_scrapes()
    {
        _metrics.Tasks.Started();
        Assert.Contains("swim_tasks_started_total 1", Lines);
        _metrics.Tasks.Started();
        Assert.Contains("swim_tasks_started_total 2", Lines);
    }

    [Fact]
    public void A_duration_is_in_every_bucket_from_its_own_up()
    {
        _metrics.Tasks.Ended("builtin:fail", AttemptOutcomeKind.Failed, TimeSpan.FromSeconds(0.25));
        _metrics.Tasks.Ended("builtin:fail", AttemptOutcomeKind.Failed, TimeSpan.FromSeconds(100));
        var lines = Lines;
        Assert.Contains("# TYPE swim_task_run_seconds histogram", lines);
        Assert.Contains("swim_task_run_seconds_bucket{outcome=\"Failed\",tool=\"builtin:fail\",le=\"0.1\"} 0", lines);
        Assert.Contains("swim_task_run_seconds_bucket{outcome=\"Failed\",tool=\"builtin:fail\",le=\"0.25\"} 1", lines);
        Assert.Contains("swim_task_run_seconds_bucket{outcome=\"Failed\",tool=\"builtin:fail\",le=\"60\"} 1", lines);
        Assert.Contains("swim_task_run_seconds_bucket{outcome=\"Failed\",tool=\"builtin:fail\",le=\"+Inf\"} 2", lines);
        Assert.Contains("swim_task_run_seconds_sum{outcome=\"Failed\",tool=\"builtin:fail\"} 100.25", lines);
        Assert.Contains("swim_task_run_seconds_count{outcome=\"Failed\",tool=\"builtin:fail\"} 2", lines);
    }

    [Fact]
    public void A_tool_that_is_not_ours_does_not_become_a_label()
    {
        _metrics.Tasks.Ended("their:tool", AttemptOutcomeKind.Succeeded, TimeSpan.Zero);
        _metrics.Tasks.Ended("another:tool", AttemptOutcomeKind.Succeeded, TimeSpan.Zero);
        Assert.Contains("swim_tasks_ended_total{outcome=\"Succeeded\",tool=\"other\"} 2", Lines);
        Assert.DoesNotContain(Lines, static line => line.Contains("their:tool", StringComparison.Ordinal));
    }

    [Fact]
    public void Series_known_beforehand_begin_at_zero()
    {
        Assert.DoesNotContain("swim_tasks_ended_total{outcome=\"Failed\",tool=\"shell:exec\"} 0", Lines);
        _metrics.BeginAtZero();
        foreach (var line in new[] { "swim_claims_total 0", "swim_tasks_ended_total{outcome=\"Failed\",tool=\"shell:exec\"} 0", "swim_refusals_total{reason=\"Busy\"} 0", "swim_member_changes_total{change=\"died\"} 0", "swim_votes_withheld_total{reason=\"SeveralAtOnce\"} 0" })
            Assert.Contains(line, Lines);
    }

    [Fact]
    public void Faults_of_connections_are_no_events()
    {
        _counters.Add(ConnectionFaults.Prefix + "reset");
        Assert.Contains("swim_connection_faults_total{fault=\"reset\"} 1", Lines);
        Assert.DoesNotContain(Lines, static line => line.StartsWith("swim_events_total{", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_cores_say_is_measured()
    {
        var (workflow, node) = (new WorkflowId(1, 2), new NodeId(3));
        _metrics.Tasks.On(new TaskClaimed(workflow, "a", 1, node, TimeSpan.FromSeconds(2)));
        _metrics.Tasks.On(new TaskMoved(workflow, "a", 1, TaskState.RetryWait, node, "CODE"));
        _metrics.Tasks.On(new TaskMoved(workflow, "a", 1, TaskState.Succeeded, node, ""));
        _metrics.Tasks.On(new AttemptLost(workflow, "a", 1, node));
        _metrics.Tasks.On(new WorkflowEnded(workflow, WorkflowState.Partial));
        _metrics.Membership.On(new ProbeAnswered(node, TimeSpan.FromMilliseconds(3)));
        _metrics.Membership.On(new RoundTripMeasured(node, TimeSpan.FromMilliseconds(2)));
        _metrics.Membership.On(new VoteWithheld(node, "n", DoubtReason.NacksMissing));
        _metrics.Membership.On(new MemberSuspected(node, "n", 1));
        _metrics.Membership.On(new AccusationRefuted(MemberState.Suspect, 2));
        var lines = Lines;
        foreach (var line in new[]
        {
            "swim_claims_total 1", "swim_task_queue_seconds_sum 2", "swim_task_retries_total 1", "swim_attempts_lost_total 1", "swim_workflows_ended_total{state=\"Partial\"} 1",
            "swim_probe_seconds_count 1", "swim_probe_seconds_bucket{le=\"0.0025\"} 0", "swim_probe_seconds_bucket{le=\"0.005\"} 1",
            "swim_rtt_seconds_bucket{le=\"0.0025\"} 1", "swim_votes_withheld_total{reason=\"NacksMissing\"} 1",
            "swim_member_changes_total{change=\"suspected\"} 1", "swim_accusations_refuted_total 1",
        })
            Assert.Contains(line, lines);
    }

    [Fact]
    public void Frames_are_counted_by_the_kind_of_their_message()
    {
        _metrics.Peers.FrameSent(new PushAck(1, 2, 3), 10);
        _metrics.Peers.FrameReceived(null, 7);
        _metrics.Peers.FrameReceived(new RepairCells(1, DeltaFrame.Repair(1, [], null), 0, true), 30);
        foreach (var line in new[] { "swim_peer_sent_bytes_total{kind=\"PushAck\"} 10", "swim_peer_frames_received_total{kind=\"Malformed\"} 1", "swim_peer_received_bytes_total{kind=\"RepairCells\"} 30" })
            Assert.Contains(line, Lines);
    }

    [Fact]
    public void Counters_of_the_node_are_told_once_each()
    {
        _counters.Add("peer_frames_dropped", 3);
        _ = Lines;
        Assert.Single(Lines, "swim_events_total{event=\"peer_frames_dropped\"} 3");
    }

    [Fact]
    public void A_label_cannot_break_its_line()
    {
        _metrics.ApiCall("a\"b\\c\nd", "200");
        Assert.Contains("swim_api_calls_total{method=\"a\\\"b\\\\c\\nd\",status=\"200\"} 1", Lines);
    }

    [Fact]
    public void A_label_that_grows_is_cut_off()
    {
        for (var i = 0; i < MetricSeries.SeriesMax + 50; i++) _metrics.ApiCall($"route {i}", "200");
        Assert.Equal(MetricSeries.SeriesMax, Lines.Count(static line => line.StartsWith("swim_api_calls_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public void Two_nodes_of_one_process_count_apart()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        new NodeMetrics(others.GetRequiredService<IMeterFactory>(), new Counters()).Tasks.Started();
        Assert.DoesNotContain("swim_tasks_started_total 1", Lines);
    }
}
