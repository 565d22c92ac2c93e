using Swim.Core.Primitives;
using Swim.Core.Workflows;
using Swim.Simulation.Workloads;
using Xunit;

namespace Swim.Simulation.Tests.Workloads;

public sealed class WorkflowGeneratorTests
{
    [Fact]
    public void Generated_definitions_read_back_and_name_the_expected_tasks()
    {
        var generator = new WorkflowGenerator(new Prng(11));
        for (var i = 0; i < 300; i++)
        {
            var expected = generator.Draw(15);
            Assert.True(WorkflowReader.FromCanonical(expected.Definition).TryGet(out var definition));
            Assert.Equal(expected.Tasks.Select(task => task.Id), definition.Tasks.Select(task => task.Id));
            Assert.Equal(expected.Tasks.Select(task => task.DependsOn), definition.Tasks.Select(task => task.DependsOn));
        }
    }

    [Fact]
    public void Every_end_a_workflow_can_have_is_drawn()
    {
        var generator = new WorkflowGenerator(new Prng(12));
        var states = Enumerable.Range(0, 300).Select(_ => generator.Draw(10).State).Distinct().Order();
        Assert.Equal([WorkflowState.Succeeded, WorkflowState.Partial, WorkflowState.Failed], states);
    }
}
