using Grpc.Core;
using Swim.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>A node announces what it can run, and is given nothing else.</summary>
public sealed class CapabilityTests
{
    private static readonly SubmitWorkflowRequest TwentyPrograms = new()
    {
        Document = "name: programs\ntasks:\n" + string.Concat(Enumerable.Range(0, 20).Select(static i => $"  - {{ id: p{i}, tool: 'shell:exec', arguments: {{ argv: [echo, 'x{i}'] }} }}\n")),
    };

    private static readonly SubmitWorkflowRequest ProgramAfterDelay = new()
    {
        Format = "json",
        Document = """
            {"name":"later","tasks":[
              {"id":"wait","tool":"builtin:delay","arguments":{"ms":1500}},
              {"id":"program","tool":"shell:exec","arguments":{"argv":["echo","done"]},"depends_on":["wait"]}],
             "output":"$OUTPUT[program].stdout"}
            """,
    };

    [Fact]
    public async Task Programs_run_only_on_the_node_that_allows_them_whichever_node_is_asked()
    {
        await using var cluster = await TestCluster.StartAsync(3, static (node, options) => options with { AllowShell = node == 1 });
        using var client = cluster.Client(2);
        var able = Assert.Single((await client.MembersAsync()).Members, static member => member.Capabilities.Contains("shell"));
        var run = await client.RunAsync(TwentyPrograms);
        Assert.Equal(WorkflowState.Succeeded, run.State);
        Assert.All(run.Tasks, task => Assert.Equal(able.NodeId, task.Executor));
    }

    [Fact]
    public async Task A_program_sees_its_attempt_and_a_key_that_stays_the_same_over_attempts()
    {
        await using var cluster = await TestCluster.StartAsync(1, static (_, options) => options with { AllowShell = true });
        using var client = cluster.Client(0);
        var seen = Path.GetTempFileName();
        try
        {
            var run = await client.RunAsync(new SubmitWorkflowRequest
            {
                Document = "name: twice\ntasks:\n  - id: a\n    tool: shell:exec\n    retry: { max_attempts: 2, backoff_ms: 1 }\n    arguments:\n"
                    + $"      argv: [sh, -c, 'echo $SWIM_WORKFLOW_ID $SWIM_IDEMPOTENCY_KEY $SWIM_ATTEMPT >> {seen}; test $SWIM_ATTEMPT = 2']\n",
            });
            Assert.Equal(WorkflowState.Succeeded, run.State);
            var lines = (await File.ReadAllLinesAsync(seen)).Select(static line => line.Split(' ')).ToList();
            Assert.Equal(["1", "2"], lines.Select(static line => line[2]));
            Assert.All(lines, line => Assert.Equal((run.WorkflowId, lines[0][1]), (line[0], line[1])));
            Assert.Equal(16, lines[0][1].Length);
        }
        finally
        {
            File.Delete(seen);
        }
    }

    [Fact]
    public async Task Where_no_node_allows_programs_a_document_with_one_is_refused()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var refused = await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(TwentyPrograms));
        Assert.Equal(StatusCode.PermissionDenied, refused.Status);
        Assert.Contains("--allow-shell", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await client.StatusAsync()).Workflows);
    }

    [Fact]
    public async Task A_program_waits_until_a_node_that_allows_it_is_back()
    {
        await using var cluster = await TestCluster.StartAsync(3, static (node, options) => options with { AllowShell = node == 2 });
        using var client = cluster.Client(0);
        var id = (await client.SubmitAsync(ProgramAfterDelay)).WorkflowId;
        await cluster.StopNodeAsync(2);
        await TestCluster.UntilAsync("the delay is over", async () =>
            (await client.GetAsync(id)).Tasks[0].State == TaskState.Succeeded && (await client.StatusAsync()).MembersAlive == 2);
        Assert.Equal(TaskState.Pending, (await client.GetAsync(id)).Tasks[1].State);
        await cluster.StartNodeAsync(2);
        var run = await client.WaitAsync(id);
        Assert.Equal(WorkflowState.Succeeded, run.State);
        Assert.Equal("\"done\\n\"", run.OutputJson);
    }
}
