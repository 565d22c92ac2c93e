using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Xunit;

namespace Swim.Core.Tests.Workflows;

/// <summary><c>$INPUT</c> in a document, as far as it can be judged when it is submitted.</summary>
public sealed class InputReferenceTests
{
    private const string Document = """
        {"tasks":[{"id":"a","tool":"builtin:echo",
          "arguments":{"value":"to $INPUT.host"}}],
         "output":"$INPUT.ports[1]"}
        """;

    [Fact]
    public void A_reference_to_the_input_makes_no_dependency_and_stands_in_the_canonical_form()
    {
        var definition = ReadingSupport.ReadWell(Document);
        Assert.Empty(definition.Tasks[0].DependsOn);
        var again = WorkflowReader.FromCanonical(CanonicalWorkflow.Write(definition)).Definition;
        Assert.Equal(CanonicalWorkflow.Write(definition), CanonicalWorkflow.Write(again!));
        Assert.Contains("to $INPUT.host", Encoding.UTF8.GetString(CanonicalWorkflow.Write(definition)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_has_every_path_is_accepted() => Assert.Empty(Read(new RunInput(true, JsonNode.Parse("""{"host":null,"ports":[1,2]}"""))).Errors);

    [Fact]
    public void A_path_that_the_input_lacks_is_an_error_at_its_place()
    {
        var errors = Read(new RunInput(true, JsonNode.Parse("""{"ports":[1]}"""))).Errors;
        Assert.Equal([(2, "$INPUT.host"), (3, "$INPUT.ports[1]")], errors.Select(static error => (error.Line, Named(error))));
    }

    [Fact]
    public void Without_an_input_every_reference_to_it_is_an_error()
    {
        var errors = Read(new RunInput(false, null)).Errors;
        Assert.Equal(2, errors.Count);
        Assert.All(errors, static error => Assert.Contains("has none", error.Message, StringComparison.Ordinal));
    }

    private static string Named(DocumentError error) => error.Message.Split(' ').First(static word => word.StartsWith('$')).TrimEnd(':');

    private static WorkflowReading Read(RunInput input)
    {
        Assert.True(JsonDocumentReader.Read(Encoding.UTF8.GetBytes(Document)).TryGet(out var root, out _));
        return WorkflowReader.Read(root, new ReaderOptions { Input = input });
    }
}
