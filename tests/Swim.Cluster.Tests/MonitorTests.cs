using System.Text.Json.Nodes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>Real nodes whose members are followed, and whose ways are measured.</summary>
public sealed class MonitorTests
{
    [Fact]
    public async Task A_follower_has_what_the_node_shows_while_members_come_go_and_drain_and_the_stream_ends_with_the_node()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        using var client = cluster.Client(0);
        var (held, kinds) = (new Dictionary<string, Member>(), new List<MemberEventKind>());
        var following = Task.Run(async () =>
        {
            await foreach (var news in client.WatchMembersAsync()) Apply(news, held, kinds);
        });
        await UntilHeldAsync(2);
        await cluster.StartNodeAsync(2);
        await UntilHeldAsync(3);
        await cluster.StopNodeAsync(1);
        await UntilHeldAsync(3);
        using (var other = cluster.Client(2)) await other.DrainAsync(new DrainRequest());
        await TestCluster.UntilAsync("the drain is followed", () => Task.FromResult(Read(() => held.Values.Any(static member => member.Draining && member.Name == "n2"))));
        await UntilHeldAsync(3);
        Assert.Subset(Read(() => kinds.ToHashSet()), new HashSet<MemberEventKind> { MemberEventKind.Joined, MemberEventKind.Died, MemberEventKind.Updated });
        await cluster.StopNodeAsync(0);
        await following;

        T Read<T>(Func<T> read)
        {
            lock (held) return read();
        }

        // Round trips differ from one look to the next.
        Task UntilHeldAsync(int count) => TestCluster.UntilAsync($"what is followed is what is shown, {count} members", async () =>
        {
            var shown = (await client.MembersAsync()).Members.Select(WithoutRtt).ToList();
            return shown.Count == count && Read(() => held.Values.Select(WithoutRtt).OrderBy(static member => member.NodeId, StringComparer.Ordinal).SequenceEqual(shown));
        });
    }

    [Fact]
    public async Task Round_trips_are_measured_and_foretold_over_gRPC_and_HTTP()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var client = cluster.Client(0);
        await TestCluster.UntilAsync("both others were measured and say where they stand", async () =>
            (await client.RttAsync()).Rtts is [{ EstimateUs: > 0, MeasuredUs: > 0, MeasuredAgoMs: >= 0 }, { EstimateUs: > 0, MeasuredUs: > 0 }]);
        var between = Assert.Single((await client.RttAsync("n1", "n2")).Rtts);
        Assert.Equal(("n1", "n2", -1), (between.FromName, between.Name, between.MeasuredUs));
        Assert.True(between.EstimateUs > 0);
        Assert.InRange(between.ErrorPercent, 1, 150);
        Assert.True(Assert.Single((await client.RttAsync("n1", "n0")).Rtts).MeasuredUs > 0);
        Assert.Equal("NO_SUCH_MEMBER", (await Assert.ThrowsAsync<Client.SwimException>(() => client.RttAsync("n1", "nobody"))).Code);
        Assert.All((await client.MembersAsync()).Members, static member => Assert.Equal(member.Self, member.RttUs == -1));
        Assert.All((await client.RingAsync()).Members, static member => Assert.True(member is { Weight: 1, Epoch: 1, Capabilities.Count: > 0 }));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{cluster[0].HttpPort}") };
        var rtts = JsonNode.Parse(await http.GetStringAsync("/v1/cluster/rtt?from=n0&to=n2"))!["rtts"]!.AsArray();
        Assert.Equal("n2", (string?)Assert.Single(rtts)!["name"]);
        Assert.Equal(2, JsonNode.Parse(await http.GetStringAsync("/v1/cluster/reach"))!["members"]!.AsArray().Count);
        var page = await http.GetStringAsync("/metrics");
        Assert.Matches("swim_rtt_seconds_count [1-9]", page);
        Assert.Matches("swim_membership_received_bytes_total\\{kind=\"Ack\"\\} [1-9]", page);
    }

    private static Member WithoutRtt(Member member)
    {
        var shown = member.Clone();
        shown.RttUs = 0;
        return shown;
    }

    private static void Apply(WatchMembersResponse news, Dictionary<string, Member> held, List<MemberEventKind> kinds)
    {
        lock (held)
        {
            if (news.Snapshot is { } view)
            {
                held.Clear();
                foreach (var member in view.Members) held[member.NodeId] = member;
                return;
            }

            kinds.Add(news.Event.Kind);
            if (news.Event.Member is not { } changed) return;
            if (news.Event.Kind == MemberEventKind.Removed) held.Remove(changed.NodeId);
            else held[changed.NodeId] = changed;
        }
    }
}
