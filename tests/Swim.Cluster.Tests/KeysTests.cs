using System.Runtime.Versioning;
using Google.Protobuf;
using Swim.Client;
using Swim.Node.Transport.Sealing;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

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

    [Fact]
    public async Task Keys_are_rotated_on_all_members_while_they_run_and_written_to_their_files()
    {
        await using var cluster = await TestCluster.StartAsync(3, (node, options) => options with { KeysFile = FileOf(node, [Key(1)]) });
        using var client = cluster.Client(0);
        var faults = new List<string>();
        var parcel = KeyParcel.Pack(FileOf(9, [Key(2)]), FileOf(8, [Key(1)]), faults)!;
        var install = new InstallKeyRequest { SealedKey = ByteString.CopyFrom(parcel.Bytes.Span), SealedWith = parcel.SealedWith };
        Assert.Equal(-1, install.SealedKey.Span.IndexOf(Convert.FromBase64String(Key(2))));
        AssertAll(await client.InstallKeyAsync(install), parcel.SealedWith, parcel.Fingerprint);
        AssertAll(await client.InstallKeyAsync(install), parcel.SealedWith, parcel.Fingerprint);
        await RefusedAsync("KEY_IS_PRIMARY", client.RemoveKeyAsync(new RemoveKeyRequest { Fingerprint = parcel.SealedWith }));
        AssertAll(await client.UseKeyAsync(new UseKeyRequest { Fingerprint = parcel.Fingerprint }), parcel.Fingerprint, parcel.SealedWith);
        AssertAll(await client.RemoveKeyAsync(new RemoveKeyRequest { Fingerprint = parcel.SealedWith }), parcel.Fingerprint);
        // What is sealed with a key that is gone: nothing can be brought in by it any more.
        await RefusedAsync("KEY_NOT_SEALED", client.InstallKeyAsync(install));
        Assert.Equal([Key(2)], await File.ReadAllLinesAsync(Path.Combine(_directory.FullName, "keys1")));
        await cluster.StopNodeAsync(1);
        await cluster.UntilAllSeeAsync(2);
        Assert.Equal("MEMBER_DEAD", Assert.Single((await client.KeysAsync()).Members, static member => !member.Done).Code);
    }

    [Fact]
    public async Task A_member_that_lacks_a_key_is_named_and_the_key_does_not_seal_unless_forced()
    {
        await using var cluster = await TestCluster.StartAsync(2, (node, options) => options with { KeysFile = FileOf(node, node == 0 ? [Key(1), Key(2)] : [Key(1)]) });
        using var client = cluster.Client(0);
        var second = (await client.KeysAsync()).Members.Single(static member => member.Keys.Count == 2).Keys[1];
        var refusal = await RefusedAsync("KEY_NOT_EVERYWHERE", client.UseKeyAsync(new UseKeyRequest { Fingerprint = second }));
        Assert.StartsWith("n1 have not got this key", refusal.Message, StringComparison.Ordinal);
        await RefusedAsync("INVALID_ARGUMENT", client.RemoveKeyAsync(new RemoveKeyRequest { Fingerprint = second[1..] }));
        await RefusedAsync("KEY_UNKNOWN", client.UseKeyAsync(new UseKeyRequest { Fingerprint = "0123456789abcdef" }));
        var answer = await client.UseKeyAsync(new UseKeyRequest { Fingerprint = second, Force = true });
        Assert.False(answer.Complete);
        Assert.Equal(("n1", "KEY_UNKNOWN"), answer.Members.Where(static member => !member.Done).Select(static member => (member.Name, member.Code)).Single());
    }

    [Fact]
    public async Task A_node_without_keys_says_so()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        Assert.Equal("NO_KEYS", Assert.Single((await client.KeysAsync()).Members).Code);
        await RefusedAsync("NO_KEYS", client.RemoveKeyAsync(new RemoveKeyRequest { Fingerprint = "0123456789abcdef" }));
    }

    [Fact]
    public async Task Keys_that_cannot_be_saved_are_used_and_the_answer_says_that_a_restart_loses_them()
    {
        await using var cluster = await TestCluster.StartAsync(1, (node, options) => options with { KeysFile = FileOf(node, [Key(1), Key(2)]) });
        using var client = cluster.Client(0);
        var second = Assert.Single((await client.KeysAsync()).Members).Keys[1];
        // What stands in the way of the file that would take its place.
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "keys0.new"));
        var own = Assert.Single((await client.UseKeyAsync(new UseKeyRequest { Fingerprint = second })).Members);
        Assert.Equal((true, false, second), (own.Done, own.Saved, own.Keys[0]));
        Directory.Delete(Path.Combine(_directory.FullName, "keys0.new"));
        Assert.True(Assert.Single((await client.UseKeyAsync(new UseKeyRequest { Fingerprint = second })).Members).Saved);
    }

    private static void AssertAll(KeysResponse answer, params string[] keys)
    {
        Assert.True(answer.Complete);
        Assert.Equal(3, answer.Members.Count);
        Assert.All(answer.Members, member => Assert.Equal(keys, member.Keys));
        Assert.All(answer.Members, static member => Assert.True(member.Done && member.Saved && member.Code.Length == 0));
    }

    private static async Task<SwimException> RefusedAsync(string code, Task<KeysResponse> call)
    {
        var refusal = await Assert.ThrowsAsync<SwimException>(() => call);
        Assert.Equal(code, refusal.Code);
        return refusal;
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
