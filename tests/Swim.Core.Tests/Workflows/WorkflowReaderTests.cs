using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Xunit;
using static Swim.Core.Tests.Workflows.ReadingSupport;

namespace Swim.Core.Tests.Workflows;

public sealed class WorkflowReaderTests
{
    [Fact]
    public void A_whole_document_is_read()
    {
        var definition = ReadWell("""
            {"name":"demo","consistency":"any","retention":"7d","on_winner_change":"accept",
             "error_handling":{"circuit_breaker":false,"max_retries":3,"backoff_ms":50},
             "tasks":[
              {"id":"t1","tool":"builtin:delay","arguments":{"ms":100},"priority":"normal"},
              {"id":"t2","tool":"builtin:echo","arguments":{"value":{"n":[1,2]}},"retry":{"max_attempts":4,"backoff_ms":10,"max_backoff_ms":20}},
              {"id":"t3","tool":"builtin:sum","arguments":{"values":"$OUTPUT[t2].n"},"depends_on":["t1"],"timeout_ms":1500,"at_most_once":true}],
             "output":{"sum":"$OUTPUT[t3]"}}
            """);
        Assert.Equal("demo", definition.Name);
        Assert.Equal(["t1", "t2", "t3"], definition.Tasks.Select(task => task.Id));
        Assert.Equal([0, 1], definition.Tasks[2].DependsOn);
        Assert.Equal(new RetryPolicy(4, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30)), definition.Tasks[0].Retry);
        Assert.Equal(new RetryPolicy(4, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)), definition.Tasks[1].Retry);
        Assert.Equal(TimeSpan.FromSeconds(30), definition.Tasks[0].Timeout);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), definition.Tasks[2].Timeout);
        Assert.False(definition.Tasks[1].AtMostOnce);
        Assert.True(definition.Tasks[2].AtMostOnce);
        Assert.Equal(2, definition.Layers);
        Assert.Equal(TimeSpan.FromDays(7), definition.Retention);
        Assert.True(definition.HasOutput);
        Assert.Equal("{\"sum\":\"$OUTPUT[t3]\"}", CanonicalJson.ToText(definition.Output));
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var definition = ReadWell(Graph("a"));
        Assert.Equal(WorkflowDefaults.Name, definition.Name);
        Assert.Null(definition.Retention);
        Assert.Equal(WorkflowDefaults.NoRetry, definition.Tasks[0].Retry);
        Assert.False(definition.HasOutput);
        Assert.Null(definition.Output);
    }

    [Fact]
    public void An_output_of_null_is_an_output() =>
        Assert.True(ReadWell("""{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}],"output":null}""").HasOutput);

    [Fact]
    public void The_five_tool_shape_of_the_reference_document_has_three_layers()
    {
        var definition = ReadWell("""
            {"tasks":[
              {"id":"t1","tool":"builtin:delay","arguments":{"ms":100},"depends_on":[]},
              {"id":"t2","tool":"builtin:delay","arguments":{"ms":100},"depends_on":[]},
              {"id":"t3","tool":"builtin:delay","arguments":{"ms":100},"depends_on":["t1","t2"]},
              {"id":"t4","tool":"builtin:delay","arguments":{"ms":100},"depends_on":["t3"]},
              {"id":"t5","tool":"builtin:delay","arguments":{"ms":100},"depends_on":["t3"]}]}
            """);
        Assert.Equal(3, definition.Layers);
        Assert.Equal([0, 1, 2, 3, 4], definition.TopologicalOrder);
        Assert.Equal([0, 1], definition.Tasks[2].DependsOn);
    }

    [Fact]
    public void The_reference_documents_spellings_are_the_same_fields()
    {
        var camel = ReadWell("""
            {"errorHandling":{"circuitBreaker":false,"maxRetries":2,"backoffMs":5},"onWinnerChange":"accept","tasks":[
             {"id":"a","tool":"builtin:delay","arguments":{"ms":1},"timeoutMs":9,"atMostOnce":true},
             {"id":"b","tool":"builtin:delay","arguments":{"ms":1},"dependsOn":["a"],"retry":{"maxAttempts":2,"maxBackoffMs":7}}]}
            """);
        var snake = ReadWell("""
            {"error_handling":{"circuit_breaker":false,"max_retries":2,"backoff_ms":5},"on_winner_change":"accept","tasks":[
             {"id":"a","tool":"builtin:delay","arguments":{"ms":1},"timeout_ms":9,"at_most_once":true},
             {"id":"b","tool":"builtin:delay","arguments":{"ms":1},"depends_on":["a"],"retry":{"max_attempts":2,"max_backoff_ms":7}}]}
            """);
        Assert.Equal(CanonicalWorkflow.Write(snake), CanonicalWorkflow.Write(camel));
        Assert.Equal(3, camel.Tasks[0].Retry.MaxAttempts);
    }

    [Fact]
    public void A_reference_is_a_dependency_by_itself_wherever_it_stands()
    {
        var definition = ReadWell("""
            {"tasks":[
             {"id":"a","tool":"builtin:echo","arguments":{"value":1}},
             {"id":"b","tool":"builtin:echo","arguments":{"value":1}},
             {"id":"c","tool":"builtin:echo","arguments":{"value":{"x":[{"y":"see $OUTPUT[a].k and $OUTPUT[b][0]!"}],"z":"$$OUTPUT[none]"}}}]}
            """);
        Assert.Equal([0, 1], definition.Tasks[2].DependsOn);
    }

    [Fact]
    public void A_deep_chain_is_ordered_without_recursion()
    {
        var tasks = Enumerable.Range(0, 20_000).Select(i => i == 0 ? "t0" : $"t{i}: t{i - 1}").Reverse().ToArray();
        var definition = ReadWell(Graph(tasks));
        Assert.Equal(20_000, definition.Layers);
        Assert.Equal(Enumerable.Range(0, 20_000).Reverse(), definition.TopologicalOrder);
    }

    [Fact]
    public void Shell_is_read_where_it_is_allowed()
    {
        const string Json = """{"tasks":[{"id":"a","tool":"shell:exec","arguments":{"argv":["wc","-l"]}}]}""";
        Assert.NotNull(Read(Json, allowShell: true).Definition);
        var error = Assert.Single(Read(Json).Errors);
        Assert.Equal(DocumentErrorCode.PermissionDenied, error.Code);
        Assert.Contains("--allow-shell", error.Message, StringComparison.Ordinal);
    }
}
