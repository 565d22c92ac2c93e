using System.Runtime.Versioning;
using Xunit;

namespace Swim.Cluster.Tests;

/// <summary>Real nodes whose packets are sealed.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeysTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("swim-keys-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Nodes_with_keys_in_common_probe_each_other_with_sealed_packets_whichever_key_each_seals_with()
    {
        var (one, two) = (Key(1), Key(2));
        await using var cluster = await TestCluster.StartAsync(3, (node, options) => options with { KeysFile = FileOf(node, node == 1 ? [two, one] : [one, two]) });
        // The probes alone tell who is dead: only packets that open can say so to every other.
        await cluster.StopNodeAsync(2);
        await cluster.UntilAllSeeAsync(2);
        using var http = new HttpClient();
        foreach (var port in cluster.HttpPorts)
        {
            var metrics = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
            Assert.DoesNotMatch("swim_membership_rejects_total\\{[^}]*reason=\"(Plain|Sealed|UnknownKey|Forged|Replayed)\"[^}]*\\} [1-9]", metrics);
            Assert.Contains("swim_membership_rejects_total", metrics, StringComparison.Ordinal);
        }
    }

    // Two that may be in one ring.
    private static string Key(byte number) => Convert.ToBase64String([.. Enumerable.Repeat(number, 32)]);

    private string FileOf(int node, string[] keys)
    {
        var path = Path.Combine(_directory.FullName, $"keys{node}");
        File.WriteAllLines(path, keys);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
