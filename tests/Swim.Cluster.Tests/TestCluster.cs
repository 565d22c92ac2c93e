using Microsoft.Extensions.Logging;
using Swim.Client;
using Swim.Node;
using Swim.Node.Configuration;
using Xunit;

namespace Swim.Cluster.Tests;

/// <summary>Real nodes of one process on loopback, with free ports and directories of their own. A test waits for conditions, never for durations.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("swim-test-");
    private readonly Dictionary<int, NodeHost> _nodes = [];

    public NodeHost this[int node] => _nodes[node];

    /// <summary>Options of node i beside those every node has.</summary>
    public Func<int, NodeOptions, NodeOptions> Configure { get; init; } = static (_, options) => options;

    public static async Task<TestCluster> StartAsync(int nodes, Func<int, NodeOptions, NodeOptions>? configure = null)
    {
        var cluster = new TestCluster { Configure = configure ?? (static (_, options) => options) };
        for (var i = 0; i < nodes; i++) await cluster.StartNodeAsync(i);
        await cluster.UntilAllSeeAsync(nodes);
        return cluster;
    }

    /// <summary>Starts a node, or starts one again on its directory.</summary>
    public async Task StartNodeAsync(int node)
    {
        var seed = _nodes.Values.FirstOrDefault();
        _nodes[node] = await NodeHost.StartAsync(Configure(node, new NodeOptions
        {
            DataDirectory = Path.Combine(_root.FullName, $"n{node}"),
            GrpcPort = 0,
            HttpPort = 0,
            UdpPort = 0,
            Name = $"n{node}",
            Seeds = seed is null ? [] : [new HostPort("127.0.0.1", seed.GrpcPort)],
            LogLevel = LogLevel.Warning,
        }));
    }

    public async Task StopNodeAsync(int node)
    {
        if (_nodes.Remove(node, out var host)) await host.StopAsync();
    }

    /// <summary>Where a node keeps its data.</summary>
    public string DirectoryOf(int node) => Path.Combine(_root.FullName, $"n{node}");

    /// <summary>Where the nodes that run answer HTTP.</summary>
    public IEnumerable<int> HttpPorts => _nodes.Values.Select(static node => node.HttpPort);

    public ServerAddress Address(int node) => new("127.0.0.1", _nodes[node].GrpcPort);

    public SwimClient Client(int node) => new(new SwimClientOptions { Servers = [new ServerAddress("127.0.0.1", _nodes[node].GrpcPort)] });

    public Task UntilAllSeeAsync(int members) => UntilAsync($"every node sees {members} alive", async () =>
    {
        foreach (var node in _nodes.Keys)
        {
            // One that had to stop says why, and answers nobody.
            if (this[node].Completion is { IsFaulted: true } ended) await ended;
            using var client = Client(node);
            var status = await client.StatusAsync();
            if (!status.Ready || status.MembersAlive != members) return false;
        }

        return true;
    });

    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"not within {Patience.TotalSeconds} s: {what}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.StopAsync();
        _root.Delete(recursive: true);
    }
}
