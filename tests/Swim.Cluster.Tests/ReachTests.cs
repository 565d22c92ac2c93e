using System.Runtime.Versioning;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>Real nodes that cannot, or can, hear each other by UDP.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReachTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("swim-reach-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Nodes_that_drop_each_others_packets_hold_each_other_alive_over_gRPC_and_say_so()
    {
        // Nothing that one seals is opened by the other: as with a wall between them that lets TCP through.
        await using var cluster = await TestCluster.StartAsync(2, (node, options) => options with { KeysFile = FileOf(node) });
        foreach (var node in new[] { 0, 1 })
        {
            using var client = cluster.Client(node);
            await TestCluster.UntilAsync(
                "UDP is found broken", async () => (await client.ReachAsync()).Members is [{ Missed: >= 3, HeardMs: >= 0, Way: ReachWay.Stream, State: MemberState.Alive }]);
            var counters = (await client.StatusAsync()).Counters;
            Assert.Equal(1, counters["notice_UdpBroken"]);
            Assert.DoesNotContain("notice_MemberDied", counters.Keys);
        }

        await cluster.StopNodeAsync(1);
        await cluster.UntilAllSeeAsync(1);
    }

    [Fact]
    public async Task Where_UDP_works_it_is_shown_as_the_way()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        using var client = cluster.Client(0);
        await TestCluster.UntilAsync("a probe was answered", async () => (await client.ReachAsync()).Members is [{ Way: ReachWay.Udp, Missed: 0 }]);
    }

    private string FileOf(int node)
    {
        var path = Path.Combine(_directory.FullName, $"keys{node}");
        File.WriteAllText(path, Convert.ToBase64String([.. Enumerable.Repeat((byte)(node + 1), 32)]));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
