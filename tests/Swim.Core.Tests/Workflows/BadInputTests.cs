using System.Text;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Xunit;
using static Swim.Core.Tests.Workflows.ReadingSupport;

namespace Swim.Core.Tests.Workflows;

/// <summary>Every fault is refused with a code, a place and what to do.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void A_cycle_is_named()
    {
        var error = OnlyError("{\"tasks\":[\n" + Task("x") + ",\n" + Task("a", "\"depends_on\":[\"x\",\"b\"]") + ",\n" + Task("b", "\"depends_on\":[\"a\"]") + "]}");
        Assert.Equal(DocumentErrorCode.InvalidArgument, error.Code);
        Assert.Contains("a -> b -> a", error.Message, StringComparison.Ordinal);
        Assert.Equal((3, "$.tasks[1].depends_on[1]"), (error.Line, error.Path));
    }

    [Fact]
    public void A_cycle_through_references_is_named_at_the_reference()
    {
        var error = OnlyError("{\"tasks\":[" + Echo("a", "\"$OUTPUT[b]\"") + "," + Echo("b", "\"$OUTPUT[c]\"") + "," + Echo("c", "\"$OUTPUT[a]\"") + "]}");
        Assert.Contains("a -> b -> c -> a", error.Message, StringComparison.Ordinal);
        Assert.Equal("$.tasks[0].arguments.value", error.Path);
    }

    [Fact]
    public void A_long_cycle_is_shown_in_part()
    {
        var error = OnlyError(Graph([.. Enumerable.Range(0, 5_000).Select(i => $"t{i}: t{(i + 1) % 5_000}")]));
        Assert.Contains("t0 -> t1 -> ", error.Message, StringComparison.Ordinal);
        Assert.Contains("(4984 more)", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 500);
    }

    [Theory]
    [InlineData("extract", "'extrakt', which is not in the document", "Did you mean 'extract'?")]
    [InlineData("load", "'extrakt', which is not in the document", "add the task.")]
    public void An_unknown_dependency_names_the_nearest_task(string other, string says, string alsoSays)
    {
        var error = OnlyError("{\"tasks\":[" + Task(other) + "," + Task("b", "\"depends_on\":[\"extrakt\"]") + "]}");
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(alsoSays, error.Message, StringComparison.Ordinal);
        Assert.Equal("$.tasks[1].depends_on[0]", error.Path);
    }

    [Theory]
    [InlineData("""{"tusks":[]}""", "'tusks'. Did you mean 'tasks'?", "$.tusks")]
    [InlineData("""{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1},"depend_on":[]}]}""", "'depend_on'. Did you mean 'depends_on'?", "$.tasks[0].depend_on")]
    [InlineData("""{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1},"retry":{"max_attemps":2}}]}""", "Did you mean 'max_attempts'?", "$.tasks[0].retry.max_attemps")]
    [InlineData("""{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1},"zzzzz":{}}]}""", "the fields are id, tool", "$.tasks[0].zzzzz")]
    public void An_unknown_field_names_the_nearest_field(string json, string says, string path)
    {
        var error = Read(json).Errors[0];
        Assert.Equal(DocumentErrorCode.InvalidArgument, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.Path);
        Assert.Equal(json.IndexOf("\"" + path.Split('.')[^1] + "\"", StringComparison.Ordinal) + 1, error.Column);
    }

    [Theory]
    [InlineData("builtin:ecoh", "Did you mean 'builtin:echo'?")]
    [InlineData("mock:delay", "Did you mean 'builtin:delay'?")]
    [InlineData("echo", "Did you mean 'builtin:echo'?")]
    [InlineData("completely:else", "there are builtin:echo")]
    public void An_unknown_tool_names_the_nearest_tool(string tool, string says)
    {
        var error = OnlyError($$"""{"tasks":[{"id":"a","tool":"{{tool}}"}]}""");
        Assert.Equal(DocumentErrorCode.InvalidArgument, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 28, "$.tasks[0].tool"), (error.Line, error.Column, error.Path));
    }

    [Fact]
    public void A_duplicate_id_names_the_first_place()
    {
        var error = OnlyError("{\"tasks\":[\n" + Task("a") + ",\n" + Task("a") + "]}");
        Assert.Contains("taken by the task at line 2", error.Message, StringComparison.Ordinal);
        Assert.Equal((3, "$.tasks[1].id"), (error.Line, error.Path));
    }

    [Theory]
    [InlineData("$OUTPUT[a")]
    [InlineData("$OUTPUT[]")]
    [InlineData("$OUTPUT[a b]")]
    [InlineData("$OUTPUT[a].")]
    [InlineData("$OUTPUT[a]..x")]
    [InlineData("$OUTPUT[a].x[")]
    [InlineData("$OUTPUT[a].x[y]")]
    [InlineData("$OUTPUT[a].x[-1]")]
    [InlineData("$OUTPUT[a].x[9999999999]")]
    [InlineData("text $OUTPUT[a][] text")]
    public void A_bad_output_path_is_refused(string reference)
    {
        var error = OnlyError("{\"tasks\":[" + Echo("a", "1") + "," + Echo("b", "[\"" + reference + "\"]") + "]}");
        Assert.Equal(DocumentErrorCode.InvalidArgument, error.Code);
        Assert.Contains("not a valid reference", error.Message, StringComparison.Ordinal);
        Assert.Equal("$.tasks[1].arguments.value[0]", error.Path);
    }

    [Fact]
    public void A_reference_to_an_unknown_task_is_refused_in_arguments_and_output()
    {
        var errors = Read("{\"tasks\":[" + Echo("task1", "\"$OUTPUT[task2].x\"") + "],\"output\":[\"$OUTPUT[tusk1]\"]}").Errors;
        Assert.Equal(["$.tasks[0].arguments.value", "$.output[0]"], errors.Select(error => error.Path));
        Assert.All(errors, error => Assert.Contains("Did you mean 'task1'?", error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"depends_on\":[\"a\"]")]
    [InlineData("\"timeout_ms\":1", "\"$OUTPUT[a]\"")]
    public void A_task_that_waits_for_itself_is_refused(string more, string value = "0")
    {
        var error = OnlyError("{\"tasks\":[" + Echo("a", value, more) + "]}");
        Assert.Contains("waits for itself", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "no 'tasks'", "$")]
    [InlineData("[]", "must be an object", "$")]
    [InlineData("null", "must be an object", "$")]
    [InlineData("""{"tasks":[]}""", "is empty", "$.tasks")]
    [InlineData("""{"tasks":{}}""", "must be a list", "$.tasks")]
    [InlineData("""{"tasks":[7]}""", "must be an object", "$.tasks[0]")]
    [InlineData("""{"tasks":[{"tool":"builtin:echo","arguments":{"value":1}}]}""", "no 'id'", "$.tasks[0]")]
    [InlineData("""{"tasks":[{"id":"a"}]}""", "no 'tool'", "$.tasks[0]")]
    [InlineData("""{"tasks":[{"id":"a b","tool":"builtin:echo","arguments":{"value":1}}]}""", "cannot be a task id", "$.tasks[0].id")]
    [InlineData("""{"tasks":[{"id":"","tool":"builtin:echo","arguments":{"value":1}}]}""", "cannot be a task id", "$.tasks[0].id")]
    [InlineData("""{"tasks":[{"id":1,"tool":"builtin:echo","arguments":{"value":1}}]}""", "must be a string", "$.tasks[0].id")]
    [InlineData("""{"name":"","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}""", "'name'", "$.name")]
    [InlineData("""{"consistency":"strong","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}""", "no consistency", "$.consistency")]
    [InlineData("""{"tasks":[{"id":"a","tool":"builtin:echo","arguments":[1]}]}""", "must be an object", "$.tasks[0].arguments")]
    [InlineData("""{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":1},"dependsOn":[],"depends_on":[]}]}""", "another spelling", "$.tasks[0].depends_on")]
    public void A_wrong_shape_is_refused_at_its_place(string json, string says, string path)
    {
        var error = Read(json).Errors[0];
        Assert.Equal((DocumentErrorCode.InvalidArgument, path), (error.Code, error.Path));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"timeout_ms\":-1")]
    [InlineData("\"timeout_ms\":0")]
    [InlineData("\"timeout_ms\":1.5")]
    [InlineData("\"timeout_ms\":1e300")]
    [InlineData("\"timeout_ms\":\"30\"")]
    [InlineData("\"retry\":{\"max_attempts\":0}")]
    [InlineData("\"retry\":{\"max_attempts\":1000000}")]
    [InlineData("\"retry\":{\"max_attempts\":2,\"backoff_ms\":-5}")]
    [InlineData("\"retry\":{\"max_attempts\":2,\"backoff_ms\":500,\"max_backoff_ms\":100}")]
    [InlineData("\"at_most_once\":\"yes\"")]
    [InlineData("\"strict_fencing\":1")]
    [InlineData("\"depends_on\":\"b\"")]
    [InlineData("\"depends_on\":[1]")]
    public void Bad_values_are_refused(string field)
    {
        var error = OnlyError("{\"tasks\":[" + Echo("a", "0", field) + "]}");
        Assert.Equal(DocumentErrorCode.InvalidArgument, error.Code);
    }

    [Theory]
    [InlineData("builtin:delay", "{}", "needs the argument 'ms'", "$.tasks[0].arguments")]
    [InlineData("builtin:delay", """{"ms":-1}""", "'ms' must be", "$.tasks[0].arguments.ms")]
    [InlineData("builtin:delay", """{"ms":"5"}""", "'ms' must be", "$.tasks[0].arguments.ms")]
    [InlineData("builtin:delay", """{"mss":1,"ms":1}""", "Did you mean 'ms'?", "$.tasks[0].arguments.mss")]
    [InlineData("builtin:echo", "{}", "needs the argument 'value'", "$.tasks[0].arguments")]
    [InlineData("builtin:fail", """{"message":1}""", "must be a string", "$.tasks[0].arguments.message")]
    [InlineData("builtin:sum", """{"values":[1,"2"]}""", "'1' of it is not", "$.tasks[0].arguments.values[1]")]
    [InlineData("builtin:sum", """{"values":["a$OUTPUT[a]"]}""", "'0' of it is not", "$.tasks[0].arguments.values[0]")]
    [InlineData("builtin:concat", """{"values":"ab"}""", "must be a list", "$.tasks[0].arguments.values")]
    public void Arguments_that_cannot_fit_are_refused_before_anything_runs(string tool, string arguments, string says, string path)
    {
        var error = Read($$"""{"tasks":[{"id":"a","tool":"{{tool}}","arguments":{{arguments}}}]}""").Errors[0];
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.Path);
    }

    [Theory]
    [InlineData("\"consistency\":\"quorum\"", "$.consistency")]
    [InlineData("\"error_handling\":{\"circuit_breaker\":true}", "$.error_handling.circuit_breaker")]
    [InlineData("\"stages\":[]", "$.stages")]
    public void What_this_version_does_not_run_is_said_to_be_unimplemented(string field, string path)
    {
        var error = OnlyError("{" + field + ",\"tasks\":[" + Task("a") + "]}");
        Assert.Equal((DocumentErrorCode.Unimplemented, path), (error.Code, error.Path));
        Assert.Contains("not supported by this version", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"forever\"", "no retention: write a whole number and s, m, h or d")]
    [InlineData("\"1.5d\"", "no retention")]
    [InlineData("\"-7d\"", "no retention")]
    [InlineData("\"99999d\"", "at most 3650d, and this is 99999d")]
    [InlineData("\"48h\"", "more than 2d, twice this cluster's grace")]
    [InlineData("7", "must be a string")]
    public void A_retention_that_cannot_be_kept_is_refused_with_its_bounds(string retention, string says)
    {
        var error = OnlyError("{\"retention\":" + retention + ",\"tasks\":[" + Task("a") + "]}");
        Assert.Equal((DocumentErrorCode.InvalidArgument, "$.retention"), (error.Code, error.Path));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"priority\":\"high\"")]
    [InlineData("\"capabilities\":[\"net\"]")]
    [InlineData("\"when\":\"1 == 1\"")]
    public void Task_fields_this_version_does_not_honour_are_unimplemented(string field) =>
        Assert.Equal(DocumentErrorCode.Unimplemented, OnlyError("{\"tasks\":[" + Echo("a", "0", field) + "]}").Code);

    [Theory]
    [InlineData("mcp/docs:search")]
    [InlineData("mcp/github:search")]
    public void Tools_of_later_versions_are_unimplemented(string tool) =>
        Assert.Equal(DocumentErrorCode.Unimplemented, OnlyError($$"""{"tasks":[{"id":"a","tool":"{{tool}}"}]}""").Code);

    [Fact]
    public void Only_stages_are_answered_as_unimplemented_and_not_as_missing_tasks() =>
        Assert.Equal(DocumentErrorCode.Unimplemented, OnlyError("""{"stages":[{"id":"s"}]}""").Code);

    [Fact]
    public void Errors_are_bounded()
    {
        var errors = Read("{\"tasks\":[" + string.Join(',', Enumerable.Repeat("{}", 1_000)) + "]}").Errors;
        Assert.Equal(20, errors.Count);
    }

    [Fact]
    public void More_than_100_000_tasks_are_refused()
    {
        var error = OnlyError("{\"tasks\":[" + string.Join(',', Enumerable.Repeat("0", WorkflowLimits.TasksMax + 1)) + "]}");
        Assert.Equal(DocumentErrorCode.ResourceExhausted, error.Code);
    }

    [Fact]
    public void More_than_a_million_dependencies_are_refused()
    {
        // 1,600 tasks, each after all earlier ones: 1,279,200 edges, written short by references in one string.
        var tasks = new StringBuilder();
        var references = new StringBuilder();
        for (var i = 0; i < 1_600; i++)
        {
            tasks.Append(i == 0 ? "" : ",").Append(Echo($"{i}", "\"" + references + "\""));
            references.Append($"$OUTPUT[{i}]");
        }
        var error = OnlyError("{\"tasks\":[" + tasks + "]}");
        Assert.Equal(DocumentErrorCode.ResourceExhausted, error.Code);
        Assert.Contains("dependencies", error.Message, StringComparison.Ordinal);
    }

    private static string Task(string id, string more = "\"timeout_ms\":5") => Echo(id, "0", more);

    private static string Echo(string id, string value, string more = "\"timeout_ms\":5") =>
        $$"""{"id":"{{id}}","tool":"builtin:echo","arguments":{"value":{{value}}},{{more}}}""";
}
