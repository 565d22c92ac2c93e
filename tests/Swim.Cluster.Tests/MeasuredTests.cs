using System.Globalization;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>What a cluster does shows in its numbers.</summary>
public sealed class MeasuredTests
{
    private const int Runs = 5;
    private const string Document = """
        {"tasks":[
          {"id":"good","tool":"builtin:echo","arguments":{"value":1}},
          {"id":"bad","tool":"builtin:fail","arguments":{"message":"no"},"depends_on":["good"],"retry":{"max_attempts":2,"backoff_ms":1}}]}
        """;

    [Fact]
    public async Task Workflows_are_counted_once_in_a_cluster()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var http = new HttpClient();
        using var client = cluster.Client(0);
        for (var i = 0; i < Runs; i++) Assert.Equal(WorkflowState.Partial, (await client.RunAsync(new SubmitWorkflowRequest { Document = Document, Format = "json" })).State);
        var sums = await SumsAsync(http, cluster);
        Assert.Equal(Runs, sums["swim_workflows_ended_total{state=\"Partial\"}"]);
        Assert.Equal(Runs, sums["swim_task_retries_total"]);
        Assert.Equal(Runs, sums["swim_tasks_ended_total{outcome=\"Succeeded\",tool=\"builtin:echo\"}"]);
        Assert.Equal(2 * Runs, sums["swim_tasks_ended_total{outcome=\"Failed\",tool=\"builtin:fail\"}"]);
        Assert.Equal(2 * Runs, sums["swim_task_run_seconds_count{outcome=\"Failed\",tool=\"builtin:fail\"}"]);
        Assert.Equal(3 * Runs, sums["swim_claims_total"]);
        Assert.Equal(3 * Runs, sums["swim_task_queue_seconds_count"]);
        Assert.Equal(3 * Runs, sums["swim_tasks_started_total"]);
        Assert.Equal(Runs, sums.Where(static sum => sum.Key.StartsWith("swim_submit_seconds_count{", StringComparison.Ordinal)).Sum(static sum => sum.Value));
        Assert.Equal(0, sums["swim_refusals_total{reason=\"Busy\"}"]);
        // The first probe goes out a second after the start, and all of the above may be over by then.
        foreach (var moved in new[]
        {
            "swim_log_written_bytes_total", "swim_log_flush_seconds_count", "swim_disk_sync_seconds_count", "swim_ring_changes_total", "swim_member_changes_total{change=\"joined\"}",
            "swim_peer_frames_sent_total{kind=\"PushCells\"}", "swim_peer_received_bytes_total{kind=\"PushCells\"}", "swim_udp_packets_sent_total", "swim_udp_received_bytes_total",
        })
            await TestCluster.UntilAsync(moved, async () => (await SumsAsync(http, cluster)).GetValueOrDefault(moved) > 0);
    }

    [Fact]
    public async Task Probes_are_measured_while_all_is_well()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        using var http = new HttpClient();
        await TestCluster.UntilAsync("a probe was answered", async () => (await SumsAsync(http, cluster))["swim_probe_seconds_count"] > 0);
    }

    [Fact]
    public async Task A_refusal_is_counted_by_its_reason()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var http = new HttpClient();
        using var client = cluster.Client(0);
        await Assert.ThrowsAsync<Client.SwimException>(() => client.GetAsync(new string('0', 32)));
        Assert.Equal(1, (await SumsAsync(http, cluster))["swim_refusals_total{reason=\"NotFound\"}"]);
    }

    private static async Task<Dictionary<string, double>> SumsAsync(HttpClient http, TestCluster cluster)
    {
        var sums = new Dictionary<string, double>();
        foreach (var port in cluster.HttpPorts)
        {
            foreach (var line in (await http.GetStringAsync($"http://127.0.0.1:{port}/metrics")).Split('\n'))
            {
                if (line.Length == 0 || line[0] == '#') continue;
                var space = line.LastIndexOf(' ');
                sums[line[..space]] = sums.GetValueOrDefault(line[..space]) + double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture);
            }
        }

        // A series that was never measured is not there.
        sums.TryAdd("swim_probe_seconds_count", 0);
        return sums;
    }
}
