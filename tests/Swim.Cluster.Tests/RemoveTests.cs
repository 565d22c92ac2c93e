using Grpc.Core;
using Swim.Client;
using Swim.Node;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>A member that is gone for good is removed, and when it comes back all the same it joins as a newcomer.</summary>
public sealed class RemoveTests
{
    [Fact]
    public async Task A_removed_member_leaves_the_ring_of_every_node_and_comes_back_as_a_newcomer()
    {
        await using var cluster = await TestCluster.StartAsync(4);
        using var client = cluster.Client(0);
        var run = await client.RunAsync(new SubmitWorkflowRequest { Document = "name: kept\ntasks:\n  - { id: a, tool: 'builtin:echo', arguments: { value: 7 } }\n" });
        var id = cluster[3].Id.ToString();

        var alive = await Assert.ThrowsAsync<SwimException>(() => client.RemoveMemberAsync(new RemoveMemberRequest { Member = "n3", Force = true }));
        Assert.Equal((StatusCode.FailedPrecondition, "MEMBER_NOT_DEAD"), (alive.Status, alive.Code));
        Assert.Contains("swim leave", alive.Message, StringComparison.Ordinal);

        await cluster.StopNodeAsync(3);
        await TestCluster.UntilAsync("the node is dead", async () => (await client.MembersAsync()).Members.Single(member => member.NodeId == id).State == MemberState.Dead);
        var removed = await client.RemoveMemberAsync(new RemoveMemberRequest { Member = id[..12] });
        Assert.Equal((id, "n3", true, ""), (removed.NodeId, removed.Name, removed.Durable, removed.Warning));
        await TestCluster.UntilAsync("nobody has it on the ring or shows it", async () => await CountOnRingAsync(cluster, 3, id) == 0);

        await cluster.StartNodeAsync(3);
        var told = await Assert.ThrowsAsync<RemovedFromClusterException>(() => cluster[3].Completion.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.True(told.Epoch > 0);
        await cluster.StopNodeAsync(3);
        await cluster.StartNodeAsync(3);
        await cluster.UntilAllSeeAsync(4);
        await TestCluster.UntilAsync("every node has one ring with it", async () => await CountOnRingAsync(cluster, 4, id) == 4);
        using var back = cluster.Client(3);
        await TestCluster.UntilAsync("what it held before is held by others", async () => (await back.StatusAsync()).LostCells == 0);
        Assert.Equal(WorkflowState.Succeeded, (await back.GetAsync(run.WorkflowId)).State);
    }

    [Fact]
    public async Task Without_most_members_it_takes_force_and_the_answer_says_what_that_means()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        using var client = cluster.Client(0);
        await cluster.StopNodeAsync(1);
        await TestCluster.UntilAsync("the node is dead", async () => (await client.MembersAsync()).Members.Any(static member => member.State == MemberState.Dead));

        var refused = await Assert.ThrowsAsync<SwimException>(() => client.RemoveMemberAsync(new RemoveMemberRequest { Member = "n1" }));
        Assert.Equal("NO_MAJORITY", refused.Code);
        var removed = await client.RemoveMemberAsync(new RemoveMemberRequest { Member = "n1", Force = true });

        Assert.Equal((1, 2), (removed.MembersReachable, removed.Members));
        Assert.Contains("majority", removed.Warning, StringComparison.Ordinal);
        var stranger = await Assert.ThrowsAsync<SwimException>(() => client.RemoveMemberAsync(new RemoveMemberRequest { Member = "nobody" }));
        Assert.Equal(StatusCode.NotFound, stranger.Status);
    }

    // By how many nodes it is on the ring, where all agree on the ring; -1 where they do not, or not so many run.
    private static async Task<int> CountOnRingAsync(TestCluster cluster, int nodes, string id)
    {
        var (fingerprints, count) = (new HashSet<string>(), 0);
        for (var node = 0; node < nodes; node++)
        {
            using var client = cluster.Client(node);
            var ring = await client.RingAsync();
            fingerprints.Add(ring.Fingerprint);
            var isOnRing = ring.Members.Any(member => member.NodeId == id);
            if (isOnRing != (await client.MembersAsync()).Members.Any(member => member.NodeId == id)) return -1;
            count += isOnRing ? 1 : 0;
        }

        return fingerprints.Count == 1 ? count : -1;
    }
}
