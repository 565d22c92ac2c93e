using System.Net;
using Microsoft.Extensions.Logging;
using Swim.Node;
using Swim.Node.Configuration;

namespace Swim.Cli.Dev;

/// <summary>Nodes in this process on loopback that know each other. Whoever starts one stops it.</summary>
internal sealed class DevCluster : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    // The usual size for each of many nodes would fill a temporary directory that is memory.
    private const int LogSegmentBytes = 8 << 20;

    private readonly List<NodeHost> _nodes = [];

    private DevCluster()
    {
    }

    public IReadOnlyList<NodeHost> Nodes => _nodes;

    /// <summary>Ends when a node does, which none does by itself unless it has to.</summary>
    public Task<Task> AnyEnded => Task.WhenAny(_nodes.Select(static node => node.Completion));

    /// <summary>Starts them; where one cannot, or when cancelled, those that could are stopped again.</summary>
    public static async Task<DevCluster> StartAsync(DevPlan plan, DevDirectory directory, int nodes, LogLevel level, CancellationToken cancel)
    {
        var cluster = new DevCluster();
        try
        {
            // The first by itself: its port may be any, and the others must know it. It also compiles what they run.
            cluster._nodes.Add(await NodeHost.StartAsync(OptionsOf(0, []), cancel).ConfigureAwait(false));
            var first = new HostPort(IPAddress.Loopback.ToString(), cluster._nodes[0].GrpcPort);
            await cluster.AddAsync([.. Enumerable.Range(1, nodes - 1).Select(node => OptionsOf(node, [first]))], cancel).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        NodeOptions OptionsOf(int node, IReadOnlyList<HostPort> seeds) => new()
        {
            DataDirectory = directory.Of(node),
            Cluster = directory.Cluster,
            Name = $"n{node + 1}",
            Bind = IPAddress.Loopback.ToString(),
            GrpcPort = plan.PortOf(node),
            HttpPort = plan.Port == 0 ? 0 : plan.PortOf(node) + 1,
            UdpPort = plan.Port == 0 ? 0 : plan.PortOf(node) + 2,
            Seeds = seeds,
            AllowShell = plan.AllowShell,
            HttpAllow = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")],
            LogSegmentBytes = LogSegmentBytes,
            LogLevel = level,
        };
    }

    /// <summary>Returns when every node sees every other and plans, or a node has ended.</summary>
    public async Task UntilReadyAsync(CancellationToken cancel)
    {
        while (!_nodes.TrueForAll(node => node.PlansAmong == _nodes.Count) && !AnyEnded.IsCompleted) await Task.Delay(Poll, cancel).ConfigureAwait(false);
    }

    /// <summary>Each says farewell and has its log on disk; but for one that had to end, which may write nothing more.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_nodes.Where(static node => !node.Completion.IsFaulted).Select(static node => Task.Run(node.StopAsync))).ConfigureAwait(false);

    private async Task AddAsync(IReadOnlyList<NodeOptions> options, CancellationToken cancel)
    {
        var starts = options.Select(each => Task.Run(() => NodeHost.StartAsync(each, cancel), CancellationToken.None)).ToList();
        var all = Task.WhenAll(starts);
        await ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _nodes.AddRange(starts.Where(static start => start.IsCompletedSuccessfully).Select(static start => start.Result));
        await all.ConfigureAwait(false);
    }
}
