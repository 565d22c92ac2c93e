using System.Text;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Xunit;
using static Swim.Core.Tests.Workflows.ReadingSupport;

namespace Swim.Core.Tests.Workflows;

public sealed class CanonicalWorkflowTests
{
    private const string Rich = """
        {"name":"rich","output":["$OUTPUT[c]",1.50],"errorHandling":{"maxRetries":2,"backoffMs":70},"tasks":[
         {"tool":"builtin:echo","id":"a","arguments":{"value":{"z":1,"a":1e2}},"retry":{"max_attempts":2,"max_backoff_ms":900}},
         {"tool":"builtin:delay","id":"b","arguments":{"ms":1.0},"at_most_once":true,"timeout_ms":30000},
         {"tool":"builtin:echo","id":"c","arguments":{"value":"$OUTPUT[a].z"},"depends_on":["b","a","b"],"timeout_ms":1,"retry":{"max_attempts":1,"backoff_ms":5}}]}
        """;

    [Fact]
    public void A_definition_has_these_bytes()
    {
        const string Expected = """
            {"name":"rich","output":["$OUTPUT[c]",1.5],"tasks":[{"arguments":{"value":{"a":100,"z":1}},"id":"a","retry":{"backoff_ms":70,"max_attempts":2,"max_backoff_ms":900},"tool":"builtin:echo"},{"arguments":{"ms":1},"at_most_once":true,"id":"b","retry":{"backoff_ms":70,"max_attempts":3},"tool":"builtin:delay"},{"arguments":{"value":"$OUTPUT[a].z"},"depends_on":["b"],"id":"c","timeout_ms":1,"tool":"builtin:echo"}]}
            """;
        Assert.Equal(Expected, Encoding.UTF8.GetString(CanonicalWorkflow.Write(ReadWell(Rich))));
    }

    [Theory]
    [InlineData(Rich)]
    [InlineData("""{"tasks":[{"id":"a","tool":"shell:exec","arguments":{"argv":["x"],"env":{"b":"1","a":"2"}}}],"output":null}""")]
    public void What_is_written_is_sorted_and_reads_back_to_the_same_bytes(string json)
    {
        var bytes = CanonicalWorkflow.Write(Read(json, allowShell: true).Definition!);
        Assert.Equal(CanonicalJson.Write(JsonDocumentReader.Read(bytes).Root!), bytes);
        var again = WorkflowReader.FromCanonical(bytes);
        Assert.Empty(again.Errors);
        Assert.Equal(bytes, CanonicalWorkflow.Write(again.Definition!));
    }

    [Fact]
    public void Reading_back_gives_the_same_definition()
    {
        var first = ReadWell(Rich);
        var again = WorkflowReader.FromCanonical(CanonicalWorkflow.Write(first)).Definition!;
        Assert.Equal((first.Name, first.Layers, first.HasOutput), (again.Name, again.Layers, again.HasOutput));
        Assert.Equal(first.TopologicalOrder, again.TopologicalOrder);
        foreach (var (a, b) in first.Tasks.Zip(again.Tasks))
        {
            Assert.Equal((a.Index, a.Id, a.Tool, a.Retry, a.Timeout, a.AtMostOnce), (b.Index, b.Id, b.Tool, b.Retry, b.Timeout, b.AtMostOnce));
            Assert.Equal(a.DependsOn, b.DependsOn);
            Assert.Equal(CanonicalJson.Write(a.Arguments), CanonicalJson.Write(b.Arguments));
        }
    }

    [Theory]
    [InlineData("""{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":5}}]}""", """{"name":"workflow","consistency":"any","tasks":[{"depends_on":[],"timeout_ms":30000,"priority":"normal","at_most_once":false,"tool":"builtin:delay","id":"a","arguments":{"ms":5.0},"retry":{"max_attempts":1}}]}""")]
    [InlineData("""{"retention":"3d","tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":5}}]}""", """{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":5}}],"retention":"72h"}""")]
    [InlineData("""{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":5}}],"error_handling":{"max_retries":1}}""", """{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":5e0},"retry":{"maxAttempts":2,"backoffMs":200,"max_backoff_ms":30000}}]}""")]
    public void Equal_meaning_gives_equal_bytes(string one, string other) =>
        Assert.Equal(CanonicalWorkflow.Write(ReadWell(one)), CanonicalWorkflow.Write(ReadWell(other)));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"tasks":[{"id":"a","tool":"later:tool"}]}""")]
    public void Canonical_bytes_from_a_peer_that_are_none_are_refused_without_an_exception(string bytes) =>
        Assert.NotEmpty(WorkflowReader.FromCanonical(Encoding.UTF8.GetBytes(bytes)).Errors);

    [Fact]
    public void A_definition_over_60_KiB_is_refused_by_its_size()
    {
        Assert.Null(CanonicalWorkflow.CheckSize(new byte[WorkflowLimits.DefinitionBytesMax - 5], new byte[5]));
        var error = CanonicalWorkflow.CheckSize(new byte[WorkflowLimits.DefinitionBytesMax - 5], new byte[6]);
        Assert.Equal(DocumentErrorCode.ResourceExhausted, error?.Code);
    }
}
