using Grpc.Core;
using Swim.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>Calls that look and change nothing.</summary>
public sealed class LookTests
{
    private const int R = 3;

    [Fact]
    public async Task Every_problem_of_a_document_is_told_with_its_place_and_the_nearest_word()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var answer = await client.ValidateAsync(new ValidateWorkflowRequest
        {
            Document = "name: bad\ntasks:\n  - { id: a, tool: 'builtin:ecko', arguments: { value: 1 } }\n  - { id: b, tool: 'builtin:echo', argument: { value: 1 } }\n",
        });
        Assert.False(answer.Valid);
        Assert.Contains(answer.Problems, static problem => problem is { Line: 3, Suggestion: "builtin:echo" });
        Assert.Contains(answer.Problems, static problem => problem is { Line: 4, Suggestion: "arguments" });
        Assert.All(answer.Problems, static problem => Assert.True(problem.Column > 0));
        Assert.Equal(0, (await client.StatusAsync()).Cells);
    }

    [Fact]
    public async Task A_good_document_is_valid_and_not_stored()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var answer = await client.ValidateAsync(new ValidateWorkflowRequest
        {
            Document = "name: good\ntasks:\n  - { id: a, tool: 'builtin:echo', arguments: { value: $INPUT.x } }\n  - { id: b, tool: 'builtin:echo', arguments: { value: '$OUTPUT[a]' } }\n",
        });
        Assert.Equal((true, "good", 2, 2), (answer.Valid, answer.Name, answer.Tasks, answer.Layers));
        Assert.Equal(0, (await client.StatusAsync()).Cells);
    }

    [Fact]
    public async Task The_ring_tells_shares_and_the_owners_of_a_workflow_alike_on_every_node()
    {
        await using var cluster = await TestCluster.StartAsync(4);
        using var first = cluster.Client(0);
        var id = (await first.SubmitAsync(new SubmitWorkflowRequest { Document = "name: x\ntasks: [{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }]" })).WorkflowId;
        var seen = new List<GetRingResponse>();
        await TestCluster.UntilAsync("every node has the ring of all and knows that of the others", async () =>
        {
            seen.Clear();
            for (var node = 0; node < 4; node++)
            {
                using var client = cluster.Client(node);
                seen.Add(await client.RingAsync(id));
                // The way to a member is each node's own.
                foreach (var member in seen[^1].Members) member.RttUs = 0;
            }

            return seen.All(static ring => ring is { Changing: false, Members.Count: 4, OnOtherRings.Count: 0 });
        });
        Assert.All(seen, ring => Assert.Equal(seen[0], ring));
        var ring = seen[0];
        Assert.Equal((4096, 4096 * R, 4096), (ring.Members.Sum(static member => member.BucketsFirst), ring.Members.Sum(static member => member.BucketsHeld), ring.Members.Sum(static member => member.BucketsPlanned)));
        Assert.Equal(R, ring.HomeOwners.Distinct().Count());
        Assert.Equal(ring.HomeOwners, ring.ActingOwners);
        Assert.Equal(-1, (await first.RingAsync()).Bucket);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<SwimException>(() => first.RingAsync("xyz"))).Status);
    }

    [Fact]
    public async Task A_status_counts_the_workflows_that_have_not_ended()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        await client.RunAsync(new SubmitWorkflowRequest { Document = "name: x\ntasks: [{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }]" });
        var open = await client.SubmitAsync(new SubmitWorkflowRequest { Document = "name: y\ntasks: [{ id: a, tool: 'builtin:delay', arguments: { ms: 600000 }, timeout_ms: 700000 }]" });
        var status = await client.StatusAsync();
        Assert.Equal((2, 1), (status.Workflows, status.WorkflowsRunning));
        await client.CancelAsync(open.WorkflowId);
        await client.WaitAsync(open.WorkflowId);
        Assert.Equal(0, (await client.StatusAsync()).WorkflowsRunning);
    }
}
