using System.Text;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Xunit;

namespace Swim.Core.Tests.Workflows;

/// <summary>Reads workflow documents written as JSON in tests.</summary>
internal static class ReadingSupport
{
    public static WorkflowReading Read(string json, bool allowShell = false)
    {
        var reading = JsonDocumentReader.Read(Encoding.UTF8.GetBytes(json));
        return reading.TryGet(out var root, out var error)
            ? WorkflowReader.Read(root, new ReaderOptions { AllowShell = allowShell })
            : new WorkflowReading([error]);
    }

    public static WorkflowDefinition ReadWell(string json)
    {
        var reading = Read(json);
        Assert.True(reading.Definition is not null, string.Join('\n', reading.Errors));
        return reading.Definition;
    }

    public static DocumentError OnlyError(string json) => Assert.Single(Read(json).Errors);

    /// <summary>A document of echo tasks, each with its dependencies: <c>"a", "b: a", "c: a b"</c>.</summary>
    public static string Graph(params string[] tasks) => $$"""{"tasks":[{{string.Join(',', tasks.Select(Task))}}]}""";

    private static string Task(string text)
    {
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        var waits = parts.Length == 1 ? [] : parts[1].Split(' ').Select(id => $"\"{id}\"");
        return $$"""{"id":"{{parts[0]}}","tool":"builtin:echo","arguments":{"value":0},"depends_on":[{{string.Join(',', waits)}}]}""";
    }
}
