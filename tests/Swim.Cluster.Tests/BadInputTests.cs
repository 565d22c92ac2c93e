using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Swim.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>Whatever a client sends wrong is answered with a code and a place, and changes nothing.</summary>
public sealed class BadInputTests
{
    private const string Good = """{"name":"good","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":5}}],"output":"$OUTPUT[a]"}""";

    /// <summary>Document, format, code, what the message must say beside the place.</summary>
    public static TheoryData<string, string, string, StatusCode, string> Documents => new()
    {
        { "cycle", "yaml", Tasks("{ id: a, tool: 'builtin:echo', arguments: { value: 1 }, depends_on: [b] }", "{ id: b, tool: 'builtin:echo', arguments: { value: 1 }, depends_on: [a] }"), StatusCode.InvalidArgument, "cycle" },
        { "unknown dependency", "yaml", Tasks("{ id: fetch, tool: 'builtin:echo', arguments: { value: 1 } }", "{ id: b, tool: 'builtin:echo', arguments: { value: 1 }, depends_on: [fecth] }"), StatusCode.InvalidArgument, "'fetch'" },
        { "unknown field", "yaml", Tasks("{ id: a, tool: 'builtin:echo', arguments: { value: 1 }, timout_ms: 5 }"), StatusCode.InvalidArgument, "'timeout_ms'" },
        { "unknown tool", "yaml", Tasks("{ id: a, tool: 'builtin:ecko', arguments: { value: 1 } }"), StatusCode.InvalidArgument, "'builtin:echo'" },
        { "duplicate id", "yaml", Tasks("{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }", "{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }"), StatusCode.InvalidArgument, "'a'" },
        { "open reference", "yaml", Tasks("{ id: a, tool: 'builtin:echo', arguments: { value: '$OUTPUT[b' } }"), StatusCode.InvalidArgument, "$OUTPUT" },
        { "reference to nobody", "yaml", Tasks("{ id: a, tool: 'builtin:echo', arguments: { value: '$OUTPUT[b].x' } }"), StatusCode.InvalidArgument, "'b'" },
        { "broken path", "json", """{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}],"output":"$OUTPUT[a]..x"}""", StatusCode.InvalidArgument, "reference" },
        { "nested json", "json", new string('[', 20_000), StatusCode.ResourceExhausted, "64" },
        { "nested yaml", "yaml", new string('[', 20_000), StatusCode.ResourceExhausted, "64" },
        { "alias bomb", "yaml", AliasBomb(), StatusCode.InvalidArgument, "anchor" },
        { "cut off", "json", "{\"tasks\":[{\"id\":\"a\",\n", StatusCode.InvalidArgument, "JSON" },
        { "no tasks", "yaml", "name: empty\n", StatusCode.InvalidArgument, "tasks" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_bad_document_is_refused_with_code_and_place_and_changes_nothing(string what, string format, string document, StatusCode code, string says)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var before = await SettledAsync(client);
        var refused = await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(new SubmitWorkflowRequest { Document = document, Format = format }));
        Assert.True(code == refused.Status, $"{what}: {refused.Status} {refused.Message}");
        Assert.Contains(says, refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("line [0-9]+, column [0-9]+", refused.Message);
        await AssertUnchangedAsync(client, before);
    }

    [Fact]
    public async Task A_document_that_is_too_large_is_refused_with_both_sizes_and_changes_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var before = await SettledAsync(client);
        foreach (var (length, format) in new[] { (1_500_000, "yaml"), (17_000_000, "json"), (42_000_000, "json") })
        {
            var document = Good.Replace("\"value\":5", $"\"value\":\"{new string('x', length)}\"", StringComparison.Ordinal);
            var refused = await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(new SubmitWorkflowRequest { Document = document, Format = format }));
            Assert.Equal(StatusCode.ResourceExhausted, refused.Status);
        }

        await AssertUnchangedAsync(client, before);
    }

    [Fact]
    public async Task An_unknown_workflow_is_not_found_and_an_id_that_is_none_is_invalid()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var client = cluster.Client(1);
        foreach (var ask in new Func<string, Task>[] { id => client.GetAsync(id), id => client.CancelAsync(id) })
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<SwimException>(() => ask(new string('0', 32)))).Status);
            foreach (var id in new[] { "", "x", new string('0', 31), new string('g', 32) })
                Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<SwimException>(() => ask(id))).Status);
        }
    }

    [Fact]
    public async Task Fields_out_of_their_range_are_refused()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        SubmitWorkflowRequest[] requests =
        [
            new() { Document = Good, Format = "toml" },
            new() { Document = Good, IdempotencyKey = new string('k', 256) },
            new() { Document = Good, Namespace = "a\nb" },
            new() { Document = Good, Consistency = "eventually" },
            new() { Document = Good, Ack = (AckLevel)17 },
        ];
        foreach (var request in requests)
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(request))).Status);
        Assert.Equal(0, (await client.StatusAsync()).Workflows);
    }

    [Fact]
    public async Task Random_bytes_on_every_port_change_nothing_and_are_counted()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var before = await SettledAsync(client);
        var random = new Random(7);
        using (var udp = new UdpClient())
        {
            for (var i = 0; i < 200; i++) await udp.SendAsync(Bytes(random, random.Next(1, 1_500)), new IPEndPoint(IPAddress.Loopback, cluster[0].UdpPort));
        }

        await TestCluster.UntilAsync("packets are counted", async () => Count(await client.StatusAsync(), "notice_InputRejected") > 0);
        foreach (var port in new[] { cluster[0].GrpcPort, cluster[0].HttpPort })
        {
            var faults = Count(await client.StatusAsync(), "connection_fault_");
            await SendAsync(port, Bytes(random, 10_000));
            await TestCluster.UntilAsync($"bytes on port {port} are counted", async () => Count(await client.StatusAsync(), "connection_fault_") > faults);
        }

        Assert.Equal(1, (await client.StatusAsync()).MembersKnown);
        await AssertUnchangedAsync(client, before);
    }

    // A node logs its actor as it starts; until that is durable the position moves by itself.
    private static async Task<GetStatusResponse> SettledAsync(SwimClient client)
    {
        await TestCluster.UntilAsync("the first record is durable", async () => (await client.StatusAsync()).LogPosition > 0);
        return await client.StatusAsync();
    }

    private static async Task AssertUnchangedAsync(SwimClient client, GetStatusResponse before)
    {
        var after = await client.StatusAsync();
        Assert.Equal((before.Workflows, before.Cells, before.LogPosition, before.LogBytes), (after.Workflows, after.Cells, after.LogPosition, after.LogBytes));
        Assert.Equal("5", (await client.RunAsync(new SubmitWorkflowRequest { Document = Good })).OutputJson);
    }

    private static long Count(GetStatusResponse status, string prefix) =>
        status.Counters.Where(counter => counter.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(static counter => counter.Value);

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task SendAsync(int port, byte[] bytes)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        try
        {
            await tcp.GetStream().WriteAsync(bytes);
            while (await tcp.GetStream().ReadAsync(new byte[1_024]) > 0)
            {
                // Until the server hangs up.
            }
        }
        catch (IOException)
        {
            // It may do so before it has read everything.
        }
    }

    private static string Tasks(params string[] tasks) => "name: bad\ntasks:\n" + string.Concat(tasks.Select(static task => $"  - {task}\n"));

    private static string AliasBomb()
    {
        var lines = Enumerable.Range(1, 9).Select(static level => $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 9))}]");
        return $"a0: &a0 [x,x,x]\n{string.Join('\n', lines)}\ntasks: *a9\n";
    }
}
