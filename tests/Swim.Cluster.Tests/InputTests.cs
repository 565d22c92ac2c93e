using Grpc.Core;
using Swim.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>One document, run with values given at submission.</summary>
public sealed class InputTests
{
    private const string Greeting = """
        name: greeting
        tasks:
          - { id: total, tool: "builtin:sum", arguments: { values: "$INPUT.numbers" } }
          - { id: text, tool: "builtin:concat", arguments: { values: ["$INPUT.name", " ", "$OUTPUT[total]"] } }
        output: { text: "$OUTPUT[text]", asked: "$INPUT" }
        """;

    [Fact]
    public async Task A_document_runs_with_the_input_of_its_submission_and_any_node_shows_it()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var first = cluster.Client(0);
        using var other = cluster.Client(2);
        var id = (await first.SubmitAsync(Submission("""{ "numbers": [1, 2.5], "name": "Ada" }"""))).WorkflowId;
        Assert.Equal("""{"asked":{"name":"Ada","numbers":[1,2.5]},"text":"Ada 3.5"}""", (await other.WaitAsync(id)).OutputJson);
    }

    [Fact]
    public async Task A_key_stands_for_one_input()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var first = await client.SubmitAsync(Submission("""{"numbers":[1],"name":"a"}""", "k"));
        var same = await client.SubmitAsync(Submission("""{"name":"a", "numbers":[1.0]}""", "k"));
        Assert.Equal((first.WorkflowId, true), (same.WorkflowId, same.Existing));
        var other = await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(Submission("""{"numbers":[2],"name":"a"}""", "k")));
        Assert.Equal(StatusCode.AlreadyExists, other.Status);
    }

    [Theory]
    [InlineData("", "line 3", StatusCode.InvalidArgument)]
    [InlineData("""{"numbers":[1]}""", "$INPUT.name", StatusCode.InvalidArgument)]
    [InlineData("""{"numbers":[1],""", "input_json", StatusCode.InvalidArgument)]
    public async Task A_bad_input_is_refused_with_its_place(string input, string says, StatusCode status)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var refused = await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(Submission(input)));
        Assert.Equal(status, refused.Status);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await client.StatusAsync()).Workflows);
    }

    [Fact]
    public async Task An_input_that_is_too_large_with_its_document_is_refused()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var refused = await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(Submission($$"""{"numbers":[1],"name":"{{new string('x', 16 << 20)}}"}""")));
        Assert.Equal(StatusCode.ResourceExhausted, refused.Status);
    }

    [Fact]
    public async Task Large_inputs_and_outputs_are_shown_by_every_node_task_by_task()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var first = cluster.Client(0);
        var name = new string('x', 1_800_000);
        var id = (await first.SubmitAsync(Submission($$"""{"numbers":[1],"name":"{{name}}"}"""))).WorkflowId;
        for (var node = 0; node < 3; node++)
        {
            using var client = cluster.Client(node);
            var workflow = await client.WaitAsync(id);
            Assert.Equal((WorkflowState.Succeeded, ""), (workflow.State, workflow.Tasks[1].OutputJson));
            Assert.Equal(name.Length + 4, workflow.Tasks[1].OutputBytes);
            Assert.Equal($"\"{name} 1\"", (await client.GetTaskAsync(id, "text")).OutputJson);
        }

        var unknown = await Assert.ThrowsAsync<SwimException>(() => first.GetTaskAsync(id, "nobody"));
        Assert.Equal((StatusCode.NotFound, "TASK_NOT_FOUND"), (unknown.Status, unknown.Code));
    }

    private static SubmitWorkflowRequest Submission(string input, string key = "") => new() { Document = Greeting, InputJson = input, IdempotencyKey = key };
}
