using FsCheck.Xunit;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Workflows;

/// <summary>What makes two submissions one workflow.</summary>
public sealed class WorkflowIdTests
{
    [Property(MaxTest = 1_000, QuietOnSuccess = true)]
    public bool Another_definition_or_input_is_another_workflow(byte[] definition, byte[] input, byte[] otherDefinition, byte[] otherInput) =>
        WorkflowId.FromKey("n", "k", definition, input) == WorkflowId.FromKey("n", "k", otherDefinition, otherInput) ==
        (definition.AsSpan().SequenceEqual(otherDefinition) && input.AsSpan().SequenceEqual(otherInput));

    [Fact]
    public void What_stands_in_the_definition_is_not_taken_for_input() =>
        Assert.NotEqual(WorkflowId.FromKey("n", "k", [1, 2], [3]), WorkflowId.FromKey("n", "k", [1], [2, 3]));

    [Fact]
    public void Namespace_and_key_are_not_taken_for_each_other() =>
        Assert.NotEqual(WorkflowId.PlaceOf("ab", "c"), WorkflowId.PlaceOf("a", "bc"));

    [Property(MaxTest = 1_000, QuietOnSuccess = true)]
    public bool An_id_reads_back(ulong place, ulong content) =>
        WorkflowId.TryParse(new WorkflowId(place, content).ToString(), out var read) && read == new WorkflowId(place, content);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData(" 123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    public void What_is_no_id_is_refused(string? text) => Assert.False(WorkflowId.TryParse(text, out _));
}
