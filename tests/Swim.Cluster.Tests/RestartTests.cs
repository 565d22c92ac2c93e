using System.Net;
using System.Net.Sockets;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>Starting again, on the same directory and in the middle of everything.</summary>
public sealed class RestartTests
{
    private const int Starts = 5;

    private static readonly SubmitWorkflowRequest Echo = new() { Document = "name: echo\ntasks: [{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }]" };

    [Fact]
    public async Task A_node_starts_while_packets_already_come_to_its_port()
    {
        using var stop = new CancellationTokenSource();
        int port;
        using (var free = new UdpClient(0, AddressFamily.InterNetwork)) port = ((IPEndPoint)free.Client.LocalEndPoint!).Port;
        var talking = TalkAsync(port, stop.Token);
        for (var start = 0; start < Starts; start++)
        {
            await using var cluster = await TestCluster.StartAsync(1, (_, options) => options with { UdpPort = port });
            using var client = cluster.Client(0);
            await TestCluster.UntilAsync("packets come in", async () => (await client.StatusAsync()).Counters.TryGetValue("notice_InputRejected", out var count) && count > 0);
            Assert.Equal(WorkflowState.Succeeded, (await client.RunAsync(Echo)).State);
        }

        await stop.CancelAsync();
        await talking;
    }

    [Fact]
    public async Task Nodes_that_start_again_find_out_how_far_their_writes_have_spread()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        string id;
        using (var client = cluster.Client(0)) id = (await client.RunAsync(Echo)).WorkflowId;
        foreach (var node in new[] { 0, 1, 2 }) await cluster.StopNodeAsync(node);
        foreach (var node in new[] { 0, 1, 2 }) await cluster.StartNodeAsync(node);
        await cluster.UntilAllSeeAsync(3);
        foreach (var node in new[] { 0, 1, 2 })
        {
            using var client = cluster.Client(node);
            await TestCluster.UntilAsync($"node {node} shows the workflow on every owner", async () => (await client.GetAsync(id)).Durable == AckLevel.All);
        }
    }

    [Fact]
    public async Task What_only_a_checkpoint_still_tells_is_there_after_a_restart()
    {
        await using var cluster = await TestCluster.StartAsync(1, (_, options) => options with { CheckpointMib = 1 });
        var large = new SubmitWorkflowRequest { Document = $"{{\"name\":\"large\",\"tasks\":[{{\"id\":\"a\",\"tool\":\"builtin:echo\",\"arguments\":{{\"value\":\"{new string('x', 30_000)}\"}}}}]}}", Format = "json" };
        string first;
        using (var http = new HttpClient())
        using (var client = cluster.Client(0))
        {
            first = (await client.RunAsync(Echo)).WorkflowId;
            await TestCluster.UntilAsync("a checkpoint took the place of the log", async () =>
            {
                Assert.Equal(WorkflowState.Succeeded, (await client.RunAsync(large)).State);
                var metrics = await http.GetStringAsync(new Uri($"http://127.0.0.1:{cluster.HttpPorts.Single()}/metrics"));
                return metrics.Split('\n').Any(static line => line.StartsWith("swim_checkpoints_total{result=\"completed\"} ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));
            });
        }

        await cluster.StopNodeAsync(0);
        await cluster.StartNodeAsync(0);
        using var again = cluster.Client(0);
        Assert.Equal(WorkflowState.Succeeded, (await again.GetAsync(first)).State);
        Assert.Equal(WorkflowState.Succeeded, (await again.RunAsync(Echo)).State);
    }

    private static async Task TalkAsync(int port, CancellationToken stop)
    {
        using var socket = new UdpClient();
        while (!stop.IsCancellationRequested)
        {
            for (var i = 0; i < 20; i++) await SendAsync(socket, port);
            await Task.Delay(1, CancellationToken.None);
        }
    }

    private static async Task SendAsync(UdpClient socket, int port)
    {
        try
        {
            await socket.SendAsync(new byte[64], new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (SocketException)
        {
            // Nobody listens just now.
        }
    }
}
