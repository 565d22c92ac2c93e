using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Tools;

/// <summary>The tools that this version runs, with their arguments; the same on every node.</summary>
public static class ToolCatalog
{
    /// <summary>Answers <c>value</c>.</summary>
    public const string Echo = "builtin:echo";

    /// <summary>Waits <c>ms</c>, then answers <c>value</c> (default null).</summary>
    public const string Delay = "builtin:delay";

    /// <summary>Fails with <c>message</c>, <c>code</c> (default TASK_FAILED), <c>retryable</c> (default true).</summary>
    public const string Fail = "builtin:fail";

    /// <summary>Answers the exact sum of <c>values</c>.</summary>
    public const string Sum = "builtin:sum";

    /// <summary>Answers the text of all <c>values</c> with <c>separator</c> (default empty) between them.</summary>
    public const string Concat = "builtin:concat";

    /// <summary>Runs a program; off unless the node allows it.</summary>
    public const string Shell = "shell:exec";

    /// <summary>Asks an HTTP server for something.</summary>
    public const string HttpGet = "http:get";

    /// <summary>Sends something to an HTTP server.</summary>
    public const string HttpPost = "http:post";

    /// <summary>What a node announces that runs <see cref="Shell"/>.</summary>
    public const string ShellCapability = "shell";

    /// <summary>What a node announces that runs <see cref="HttpGet"/> and <see cref="HttpPost"/>; nodes of earlier versions do not.</summary>
    public const string HttpCapability = "http";

    private static readonly ToolParameter[] HttpParameters = [new("url", ArgumentType.Text, true), new("headers", ArgumentType.TextMap, false), new("body", ArgumentType.Any, false)];

    private static readonly ToolSignature[] All =
    [
        new(Echo, [new("value", ArgumentType.Any, true)]),
        new(Delay, [new("ms", ArgumentType.Milliseconds, true), new("value", ArgumentType.Any, false)]),
        new(Fail, [new("message", ArgumentType.Text, true), new("code", ArgumentType.Text, false), new("retryable", ArgumentType.Boolean, false)]),
        new(Sum, [new("values", ArgumentType.NumberList, true)]),
        new(Concat, [new("values", ArgumentType.List, true), new("separator", ArgumentType.Text, false)]),
        new(Shell, [new("argv", ArgumentType.TextList, true), new("stdin", ArgumentType.Text, false), new("env", ArgumentType.TextMap, false), new("cwd", ArgumentType.Text, false)]),
        new(HttpGet, HttpParameters),
        new(HttpPost, HttpParameters),
    ];

    /// <summary>All names, in the order of the documentation.</summary>
    public static IEnumerable<string> Names => All.Select(signature => signature.Tool);

    /// <summary>The tool of that name; null when this version has none.</summary>
    public static ToolSignature? Find(string tool) => Array.Find(All, signature => signature.Tool == tool);

    /// <summary>The capability that a node must announce to be given tasks of that tool; null when every node can run it.</summary>
    public static string? CapabilityFor(string tool) => tool switch
    {
        Shell => ShellCapability,
        HttpGet or HttpPost => HttpCapability,
        _ => null,
    };

    /// <summary>What somebody who wrote <paramref name="tool"/> probably meant, as a sentence; may be empty.</summary>
    public static string Suggest(string tool)
    {
        var name = tool[(tool.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var sameName = Array.Find(All, signature => signature.Tool.EndsWith(":" + name, StringComparison.Ordinal));
        return NearestName.Suggest(sameName?.Tool ?? tool, Names);
    }
}
