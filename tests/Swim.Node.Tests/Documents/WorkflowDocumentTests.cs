using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Swim.Node.Documents;
using Xunit;

namespace Swim.Node.Tests.Documents;

public sealed class WorkflowDocumentTests
{
    private const string Yaml = """
        # The shape of reference document 001, with the language's own spellings.
        name: five-tool-demo
        error_handling: { max_retries: 3, backoff_ms: 50 }
        tasks:
          - { id: t1, tool: "builtin:delay", arguments: { ms: 100 } }
          - { id: t2, tool: "builtin:echo", arguments: { value: { url: "http://127.0.0.1/", n: 0x10 } } }
          - id: t3
            tool: builtin:concat
            arguments: { values: [$OUTPUT[t2].url, 1.0], separator: "-" }
            depends_on: [t1]
            retry: { max_attempts: 4, backoff_ms: 200 }
            timeout_ms: 30000
          - { id: t4, tool: "builtin:echo", arguments: { value: "got $OUTPUT[t3]" } }
          - { id: t5, tool: "builtin:delay", arguments: { ms: 1e2, value: ~ }, depends_on: [t3] }
        output: { text: "$OUTPUT[t4]", n: "$OUTPUT[t2].n" }
        """;

    private const string Json = """
        {"output":{"n":"$OUTPUT[t2].n","text":"$OUTPUT[t4]"},"name":"five-tool-demo","errorHandling":{"maxRetries":3,"backoffMs":50},
         "tasks":[
          {"id":"t1","tool":"builtin:delay","arguments":{"ms":100},"dependsOn":[]},
          {"id":"t2","tool":"builtin:echo","arguments":{"value":{"n":16,"url":"http://127.0.0.1/"}},"dependsOn":[]},
          {"id":"t3","tool":"builtin:concat","arguments":{"separator":"-","values":["$OUTPUT[t2].url",1]},"dependsOn":["t2","t1"],"retry":{"maxAttempts":4,"backoffMs":200}},
          {"id":"t4","tool":"builtin:echo","arguments":{"value":"got $OUTPUT[t3]"},"dependsOn":["t3"]},
          {"id":"t5","tool":"builtin:delay","arguments":{"value":null,"ms":100},"dependsOn":["t3"]}]}
        """;

    [Fact]
    public void The_same_workflow_in_YAML_and_JSON_has_the_same_bytes()
    {
        var yaml = Read(Yaml.Replace("[$OUTPUT[t2].url,", "[\"$OUTPUT[t2].url\",", StringComparison.Ordinal), "yaml");
        Assert.Equal(CanonicalWorkflow.Write(Read(Json, "json")), CanonicalWorkflow.Write(yaml));
        Assert.Equal(3, yaml.Layers);
    }

    [Theory]
    [InlineData(Json, "")]
    [InlineData(" \n" + Json, "")]
    [InlineData(Json, "yaml")]
    [InlineData("tasks: [{id: a, tool: 'builtin:delay', arguments: {ms: 1}}]", "")]
    public void The_format_may_be_left_out_and_JSON_is_YAML(string text, string format) => Assert.NotEmpty(Read(text, format).Tasks);

    [Fact]
    public void An_unknown_format_is_refused()
    {
        var error = Assert.Single(WorkflowDocument.Read("{}", "toml", new ReaderOptions()).Errors);
        Assert.Contains("'toml'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tasks:\n  - id: a\n    tool: builtin:echo\n    argument: {value: 1}\n", 4, 5, "Did you mean 'arguments'?")]
    [InlineData("tasks:\n  - id: a\n    tool: builtin:echo\n    arguments: {value: \"$OUTPUT[a\"}\n", 4, 24, "not closed")]
    [InlineData("tasks:\n  - {id: a, tool: \"builtin:delay\", arguments: {ms: 1}, depends_on: [b]}\n  - {id: b, tool: \"builtin:delay\", arguments: {ms: 1}, depends_on: [a]}\n", 2, 69, "a -> b -> a")]
    public void Faults_name_line_and_column_of_the_YAML(string yaml, int line, int column, string says)
    {
        var error = WorkflowDocument.Read(yaml, "yaml", new ReaderOptions()).Errors[0];
        Assert.Equal((DocumentErrorCode.InvalidArgument, line, column), (error.Code, error.Line, error.Column));
        Assert.Contains(says, error.ToString(), StringComparison.Ordinal);
    }

    private static WorkflowDefinition Read(string text, string format)
    {
        var reading = WorkflowDocument.Read(text, format, new ReaderOptions());
        Assert.True(reading.Definition is not null, string.Join('\n', reading.Errors));
        return reading.Definition;
    }
}
