using Grpc.Core;
using Swim.Client;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Storage;
using Swim.Node.Disk;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>A node that leaves takes nothing with it, and nothing of it stays.</summary>
public sealed class LeaveTests
{
    private const int Workflows = 30;

    [Fact]
    public async Task What_was_acked_stays_when_a_node_leaves_and_its_disk_holds_no_cell()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var leaver = cluster.Client(2);
        using var other = cluster.Client(0);
        var ids = new List<string>();
        for (var i = 0; i < Workflows; i++) ids.Add((await (i % 2 == 0 ? leaver : other).SubmitAsync(Delay(i % 3 == 0 ? 1_500 : 1))).WorkflowId);
        LeaveResponse answer;
        do answer = await leaver.LeaveAsync(new LeaveRequest { WaitMs = 30_000 });
        while (!answer.Left);
        await cluster[2].Completion.WaitAsync(TimeSpan.FromSeconds(30));

        foreach (var node in (int[])[0, 1])
        {
            using var client = cluster.Client(node);
            foreach (var id in ids) Assert.Equal(WorkflowState.Succeeded, (await client.WaitAsync(id)).State);
            await TestCluster.UntilAsync("it is known to have left", async () => (await client.MembersAsync()).Members.Single(static member => member.Name == "n2").State == MemberState.Left);
            Assert.Equal(2, (await client.RingAsync()).Members.Count);
        }

        Assert.Equal((0, 0), CellsOn(cluster.DirectoryOf(2), cluster[2].Id));
        await cluster.StopNodeAsync(2);
        await cluster.StartNodeAsync(2);
        await cluster.UntilAllSeeAsync(3);
        using var again = cluster.Client(2);
        foreach (var id in ids) Assert.Equal(WorkflowState.Succeeded, (await again.WaitAsync(id)).State);
    }

    [Fact]
    public async Task A_node_waits_for_an_owner_that_is_down_says_so_and_may_stay()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var leaver = cluster.Client(1);
        var id = (await leaver.RunAsync(Delay(1))).WorkflowId;
        await cluster.StopNodeAsync(2);
        LeaveResponse answer;
        do answer = await leaver.LeaveAsync(new LeaveRequest { WaitMs = 200 });
        while (answer.Waits.Count != 1);
        Assert.Equal(("n2", MemberState.Dead, false), (answer.Waits[0].Name, answer.Waits[0].State, answer.Left));
        Assert.True(answer.Buckets > 0);
        Assert.False((await leaver.LeaveAsync(new LeaveRequest { Cancel = true })).Leaving);
        using var other = cluster.Client(0);
        await TestCluster.UntilAsync("it stays", async () => (await other.RingAsync()).Members.Any(static member => member.Name == "n1"));
        Assert.Equal(WorkflowState.Succeeded, (await other.GetAsync(id)).State);
    }

    [Fact]
    public async Task The_last_node_cannot_leave()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var refusal = await Assert.ThrowsAsync<SwimException>(() => client.LeaveAsync(new LeaveRequest()));
        Assert.Equal((StatusCode.FailedPrecondition, "NO_OTHER_MEMBER"), (refusal.Status, refusal.Code));
        Assert.False((await client.StatusAsync()).Draining);
    }

    private static SubmitWorkflowRequest Delay(int ms) => new() { Document = $"name: delay\ntasks:\n  - {{ id: a, tool: 'builtin:delay', arguments: {{ ms: {ms} }} }}\n" };

    private static (int Workflows, int Cells) CellsOn(string directory, NodeId owner)
    {
        var replica = new ReplicaCore(new ReplicaSettings(owner, 1), new Prng(1));
        using var disk = LinuxDisk.OpenDirectory(directory);
        var receiver = new LogReceiver((_, record) => replica.Recover(record))
        {
            OnMeta = replica.RecoverMeta,
            OnBlock = (_, block) => replica.RecoverBlock(block),
            OnDamagedBucket = replica.LoseBlock,
            OnAllDamaged = replica.LoseAll,
        };
        using var log = CellLog.Open(disk, new CellLogOptions { Owner = owner }, receiver, out _);
        return (replica.WorkflowCount, (int)replica.CellCount);
    }
}
