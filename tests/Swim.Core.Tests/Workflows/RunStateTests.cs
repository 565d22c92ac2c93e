using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Xunit;
using TaskStatus = Swim.Core.Crdt.TaskStatus;

namespace Swim.Core.Tests.Workflows;

/// <summary>The states that follow the cells one by one, beside those worked out from all of them.</summary>
public sealed class RunStateTests
{
    private static readonly WorkflowId Workflow = new(1, 2);
    private static readonly NodeId Node = new(3);

    [Fact]
    public void Following_random_cells_gives_what_all_of_them_give()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var prng = new Prng((ulong)seed);
            var (bucket, cells, definition) = Draw(prng, 2 + prng.Next(25));
            var run = cells.Run!;
            for (var step = 0; step < 150; step++)
            {
                Put(bucket, prng, definition, step);
                Assert.Same(run, cells.Run);
                AssertDerived(cells, run, $"seed {seed}, step {step}");
            }
        }
    }

    [Fact]
    public void What_moved_is_touched_and_nothing_else()
    {
        var (bucket, cells, _) = Read("""{"tasks":[{"id":"a","tool":"builtin:concat","arguments":{"values":["x"]}},{"id":"b","tool":"builtin:concat","arguments":{"values":["x"]},"depends_on":["a"]},{"id":"c","tool":"builtin:concat","arguments":{"values":["x"]},"depends_on":["a","d"]},{"id":"d","tool":"builtin:concat","arguments":{"values":["x"]}},{"id":"e","tool":"builtin:concat","arguments":{"values":["x"]},"depends_on":["b"]}]}""");
        var run = cells.Run!;
        Assert.Equal([0, 1, 2, 3, 4], run.TakeTouched().Order());
        Assert.Empty(run.TakeTouched());
        Succeed(bucket, 0, 1);
        Assert.Equal([0, 1], run.TakeTouched());
        bucket.Merge(Status(3, new TaskStatus(0, TaskState.Failed, 1, Stamp(9), Node, TaskStatusDetail.Empty), 9));
        Assert.Equal([2, 3], run.TakeTouched());
        run.Touch(4);
        run.Touch(77);
        Assert.Equal([4], run.TakeTouched());
    }

    [Fact]
    public void A_chain_of_the_most_tasks_is_followed_to_its_end()
    {
        const int Length = 50_000;
        var tasks = string.Join(',', Enumerable.Range(0, Length).Select(static i => i == 0 ? """{"id":"t0","tool":"builtin:concat","arguments":{"values":["x"]}}""" : $$"""{"id":"t{{i}}","tool":"builtin:concat","arguments":{"values":["x"]},"depends_on":["t{{i - 1}}"]}"""));
        var (bucket, cells, _) = Read($$"""{"tasks":[{{tasks}}]}""");
        var run = cells.Run!;
        bucket.Merge(Status(0, new TaskStatus(0, TaskState.Failed, 1, Stamp(1), Node, TaskStatusDetail.Empty), 1));
        Assert.Equal(Length - 1, run.CountOf(TaskState.Skipped));
        Assert.Equal(WorkflowState.Failed, run.Outcome);
        Succeed(bucket, 0, 2);
        Assert.Equal((Length - 1, 1, WorkflowState.Running), (run.CountOf(TaskState.Pending), run.CountOf(TaskState.Succeeded), run.Outcome));
    }

    private static void AssertDerived(WorkflowCells cells, RunState run, string where)
    {
        var expected = Derived(cells, run.Definition);
        for (var task = 0; task < expected.Length; task++)
        {
            Assert.True(expected[task] == run[task], $"{where}: task {task} is {run[task]}, not {expected[task]}");
            var isReady = run.Definition.Tasks[task].DependsOn.All(dependency => expected[dependency] == TaskState.Succeeded);
            Assert.True(isReady == run.IsReady(run.Definition.Tasks[task]), $"{where}: task {task} is ready: {isReady}");
        }

        Assert.All(Enum.GetValues<TaskState>(), state => Assert.Equal(expected.Count(one => one == state), run.CountOf(state)));
        Assert.Equal(expected.Count(static state => state.IsTerminal()), run.EndedCount);
    }

    // From all cells at once, in the order of the graph.
    private static TaskState[] Derived(WorkflowCells cells, WorkflowDefinition definition)
    {
        var states = new TaskState[definition.Tasks.Count];
        foreach (var task in definition.TopologicalOrder)
        {
            var status = cells.StatusOf(task);
            var isWithoutResult = status is { State: TaskState.Succeeded } && cells.ResultOf(task) is null;
            if (isWithoutResult) states[task] = TaskState.Running;
            else if (status is { State: var written } && written.IsTerminal()) states[task] = written;
            else if (definition.Tasks[task].DependsOn.Any(dependency => states[dependency].IsTerminal() && states[dependency] != TaskState.Succeeded)) states[task] = TaskState.Skipped;
            else states[task] = status?.State ?? TaskState.Pending;
        }

        return states;
    }

    private static void Put(Bucket bucket, Prng prng, WorkflowDefinition definition, int step)
    {
        var (task, seq) = (prng.Next(definition.Tasks.Count), (ulong)(step * 4) + 1);
        TaskState[] states = [TaskState.Claimed, TaskState.Running, TaskState.RetryWait, TaskState.Failed, TaskState.Cancelled];
        switch (prng.Next(8))
        {
            case 0: Succeed(bucket, task, seq, prng.Next(3)); break;
            // A success whose result comes later, or of which a part does.
            case 1: Succeed(bucket, task, seq, prng.Next(3), large: true); break;
            case 2: bucket.Merge(Status(task, new TaskStatus(prng.Next(3), TaskState.Succeeded, 1, Stamp(seq), Node, TaskStatusDetail.Empty with { Result = new Dot(5, seq + 4) }), seq)); break;
            case 3: bucket.Merge(CellOf(CellKind.Phase, default, seq, CellPayloads.Encode(WorkflowPhase.Cancelling))); break;
            default: bucket.Merge(Status(task, new TaskStatus(prng.Next(3), states[prng.Next(states.Length)], 1 + prng.Next(3), Stamp(seq), Node, TaskStatusDetail.Empty), seq)); break;
        }
    }

    private static void Succeed(Bucket bucket, int task, ulong seq, int generation = 0, bool large = false)
    {
        var bytes = new byte[large ? Blob.InlineBytesMax + (int)(seq % 3) + 1 : 1];
        var blob = Blob.Of(bytes);
        bucket.Merge(Status(task, new TaskStatus(generation, TaskState.Succeeded, 1, Stamp(seq), Node, TaskStatusDetail.Empty with { Result = new Dot(5, seq) }), seq + 1));
        bucket.Merge(CellOf(CellKind.Result, CellPayloads.ResultKey(task, new Dot(5, seq)), seq, RunPayloads.Encode(new ResultValue(generation, 1, Node, 9, blob))));
        if (large && seq % 2 == 0) bucket.Merge(CellOf(CellKind.Chunk, blob.KeyOf(0), seq + 2, bytes));
    }

    private static (Bucket Bucket, WorkflowCells Cells, WorkflowDefinition Definition) Draw(Prng prng, int count)
    {
        var tasks = new JsonArray();
        for (var task = 0; task < count; task++)
        {
            var waits = Enumerable.Range(0, task).Where(_ => prng.Next(3) == 0).Select(static other => (JsonNode)$"t{other}");
            tasks.Add((JsonNode)new JsonObject { ["id"] = $"t{task}", ["tool"] = "builtin:concat", ["arguments"] = new JsonObject { ["values"] = new JsonArray("x") }, ["depends_on"] = new JsonArray([.. waits]) });
        }

        return Read(new JsonObject { ["tasks"] = tasks }.ToJsonString());
    }

    private static (Bucket Bucket, WorkflowCells Cells, WorkflowDefinition Definition) Read(string json)
    {
        var definition = WorkflowReader.Read(JsonDocumentReader.Read(Encoding.UTF8.GetBytes(json)).Root!, new ReaderOptions()).Definition!;
        var bytes = CanonicalWorkflow.Write(definition);
        var blob = Blob.Of(bytes);
        var bucket = new Bucket(Core.Ring.Buckets.BucketOf(Workflow.Place));
        for (var part = 0; part < blob.ChunkCount; part++) bucket.Merge(CellOf(CellKind.Chunk, blob.KeyOf(part), 1_000_000 + (ulong)part, Blob.ChunkOf(bytes, part).ToArray()));
        bucket.Merge(CellOf(CellKind.Definition, default, 2_000_000, CellPayloads.Encode(new DefinitionValue("default", "", AckLevel.K, blob, Blob.Of(default)))));
        var cells = bucket.Find(Workflow)!;
        return (bucket, cells, cells.Definition!);
    }

    private static Cell Status(int task, TaskStatus status, ulong seq) => CellOf(CellKind.Status, new Subkey((ulong)task), seq, CellPayloads.Encode(status), status.Stamp);

    private static Cell CellOf(CellKind kind, Subkey subkey, ulong seq, byte[] payload, HlcTimestamp? stamp = null) =>
        new(new CellKey(Workflow, kind, subkey), stamp ?? Stamp(seq), Node, new Dot(5, seq), payload);

    private static HlcTimestamp Stamp(ulong seq) => HlcTimestamp.From(1_700_000_000_000 + (long)seq, 0);
}
