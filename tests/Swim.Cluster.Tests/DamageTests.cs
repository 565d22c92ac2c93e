using Microsoft.Extensions.Logging;
using Swim.Client;
using Swim.Node;
using Swim.Node.Configuration;
using Swim.Node.Disk;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>A log that decayed, on real nodes.</summary>
public sealed class DamageTests
{
    private static readonly SubmitWorkflowRequest Echo = new() { Document = "name: echo\ntasks: [{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }]" };

    [Fact]
    public async Task What_one_node_can_no_longer_read_it_gets_from_the_others()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var ids = new List<string>();
        using (var client = cluster.Client(0))
        {
            for (var i = 0; i < 10; i++) ids.Add((await client.RunAsync(Echo)).WorkflowId);
            foreach (var id in ids) await TestCluster.UntilAsync("all owners hold it", async () => (await client.GetAsync(id)).Durable == AckLevel.All);
        }

        await cluster.StopNodeAsync(1);
        Damage(cluster.DirectoryOf(1));
        await cluster.StartNodeAsync(1);
        await cluster.UntilAllSeeAsync(3);
        using var mended = cluster.Client(1);
        foreach (var id in ids)
        {
            Assert.Equal(WorkflowState.Succeeded, (await mended.GetAsync(id)).State);
            await TestCluster.UntilAsync("all owners hold it again", async () => (await mended.GetAsync(id)).Durable == AckLevel.All);
        }

        Assert.Equal(WorkflowState.Succeeded, (await mended.RunAsync(Echo)).State);
        Assert.Single(Directory.GetFiles(cluster.DirectoryOf(1), "damaged-cells-*.log"));
    }

    [Fact]
    public async Task A_node_alone_refuses_to_start_and_goes_on_only_when_it_is_told_to()
    {
        var home = Directory.CreateTempSubdirectory("swim-damage-");
        var options = new NodeOptions { DataDirectory = home.FullName, GrpcPort = 0, HttpPort = 0, UdpPort = 0, LogSegmentBytes = 1 << 20, LogLevel = LogLevel.None };
        var ids = new List<string>();
        await WithNodeAsync(options, async client =>
        {
            for (var i = 0; i < 10; i++) ids.Add((await client.RunAsync(Echo)).WorkflowId);
        });
        Damage(home.FullName);
        var before = Directory.GetFiles(home.FullName).ToDictionary(static path => path, File.ReadAllBytes);
        var refused = await Assert.ThrowsAsync<DamagedStateException>(() => NodeHost.StartAsync(options));
        Assert.Contains($"swim log verify {home.FullName}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--accept-log-damage", refused.Message, StringComparison.Ordinal);
        Assert.All(before.Where(static file => file.Key.EndsWith(".log", StringComparison.Ordinal)), static file => Assert.True(file.Value.AsSpan().SequenceEqual(File.ReadAllBytes(file.Key))));
        await WithNodeAsync(options with { AcceptLogDamage = true }, async client =>
        {
            Assert.Equal(WorkflowState.Succeeded, (await client.GetAsync(ids[^1])).State);
            Assert.Equal(WorkflowState.Succeeded, (await client.RunAsync(Echo)).State);
        });
        home.Delete(recursive: true);
    }

    // What each record's head begins with.
    private static ReadOnlySpan<byte> Magic => [0xC5, 0x1F, 0xFE, 0x52];

    private static async Task WithNodeAsync(NodeOptions options, Func<SwimClient, Task> use)
    {
        await using var node = await NodeHost.StartAsync(options);
        using var client = new SwimClient(new SwimClientOptions { Servers = [new ServerAddress("127.0.0.1", node.GrpcPort)] });
        await use(client);
    }

    // In the third record: there are more behind it, so it was durable.
    private static void Damage(string directory)
    {
        var path = Directory.GetFiles(directory, "cells-*.log").Order(StringComparer.Ordinal).First();
        var bytes = File.ReadAllBytes(path);
        var at = 0;
        for (var record = 0; record < 3; record++) at = bytes.AsSpan(at + 1).IndexOf(Magic) + at + 1;
        bytes[at + 50] ^= 4;
        File.WriteAllBytes(path, bytes);
    }
}
