using System.Text;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

public sealed class LargeWorkflowTests
{
    private const string Large = """{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":"$INPUT"}},{"id":"b","tool":"builtin:concat","arguments":{"values":["$OUTPUT[a]","!"]}}],"output":"$OUTPUT[b]"}""";

    [Fact]
    public void Inputs_and_outputs_of_more_than_a_cell_arrive_whole_on_every_node()
    {
        var cluster = new KernelCluster(4);
        var text = TextOf(1_800_000);
        var id = Submit(cluster, text);
        for (var node = 1; node <= 4; node++)
        {
            var whole = Show(cluster, node, id);
            Assert.Equal(WorkflowState.Succeeded, whole.State);
            Assert.Equal($"\"{text}!\"", Encoding.UTF8.GetString(whole.Output.Span));
            Assert.All(whole.Tasks, static task => Assert.True(task.Output.IsEmpty));
            Assert.Equal(text.Length + 2, whole.Tasks[0].OutputBytes);
            var one = Assert.Single(Show(cluster, node, id, "a").Tasks);
            Assert.Equal($"\"{text}\"", Encoding.UTF8.GetString(one.Output.Span));
        }
    }

    [Fact]
    public void The_largest_definition_fits_the_log_and_the_messages_between_nodes()
    {
        var cluster = new KernelCluster(3);
        var value = TextOf(200_000);
        var tasks = string.Join(',', Enumerable.Range(0, 83).Select(i => $$$"""{"id":"t{{{i}}}","tool":"builtin:echo","arguments":{"value":"{{{value}}}"}}"""));
        var submit = KernelCluster.Submission($$$"""{"tasks":[{{{tasks}}}]}""");
        Assert.InRange(submit.Definition.Length, 16_600_000, WorkflowLimits.DefinitionBytesMax);
        var id = Assert.IsType<Submitted>(cluster.Ask(1, submit)).Id;
        Assert.Equal(WorkflowState.Succeeded, Show(cluster, 2, id).State);
        Assert.True(Assert.IsType<Submitted>(cluster.Ask(3, submit)).Existing);
    }

    [Fact]
    public void Where_a_part_is_missing_the_workflow_is_not_denied_and_repair_brings_it()
    {
        var cluster = new KernelCluster(3);
        // To one node only what comes last, the definition itself, gets through at first.
        var isOpen = false;
        cluster.Loses = send => !isOpen && send.To == new NodeId(3) && send.Message is not PushCells { Frames: [{ Cells: [.., { Key.Kind: CellKind.Definition }] }] or [{ Cells: [{ Key.Kind: CellKind.Definition }, ..] }] };
        var id = Submit(cluster, TextOf(1_800_000));
        var held = cluster.Replicas[new NodeId(3)].Find(id);
        Assert.NotNull(held);
        Assert.False(held.IsComplete);
        Assert.Null(held.Definition);
        isOpen = true;
        cluster.RunFor(5_000);
        Assert.True(cluster.Replicas[new NodeId(3)].Find(id)!.IsComplete);
        Assert.Single(cluster.Replicas.Values.Select(replica => replica.DigestOf(Core.Ring.Buckets.BucketOf(id.Place))).Distinct());
    }

    [Fact]
    public void Equal_outputs_of_a_workflow_are_held_once()
    {
        var cluster = new KernelCluster(1);
        var id = Submit(cluster, TextOf(600_000), """{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":"$INPUT"}},{"id":"b","tool":"builtin:echo","arguments":{"value":"$OUTPUT[a]"}}]}""");
        Assert.Equal(WorkflowState.Succeeded, Show(cluster, 1, id).State);
        var chunks = cluster.Replicas[new NodeId(1)].Find(id)!.All.Count(static cell => cell.Key.Kind == CellKind.Chunk);
        Assert.Equal(Blob.Of(new byte[600_002]).ChunkCount, chunks);
    }

    private static WorkflowId Submit(KernelCluster cluster, string input, string document = Large)
    {
        var submit = KernelCluster.Submission(document) with { Input = Encoding.UTF8.GetBytes($"\"{input}\"") };
        return Assert.IsType<Submitted>(cluster.Ask(1, submit)).Id;
    }

    private static WorkflowView Show(KernelCluster cluster, int node, WorkflowId id, string task = "") =>
        Assert.IsType<Shown>(cluster.Ask(node, new GetCommand("default", id, TimeSpan.FromSeconds(20)) { Task = task }, 30_000)).View;

    private static string TextOf(int length)
    {
        var (prng, text) = (new Prng((ulong)length), new StringBuilder(length));
        while (text.Length < length) text.Append((char)('a' + prng.Next(26)));
        return text.ToString();
    }
}
