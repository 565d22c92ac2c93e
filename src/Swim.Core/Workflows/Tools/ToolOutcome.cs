using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Tools;

/// <summary>Why an attempt failed, as its tool or its executor reports it.</summary>
/// <param name="Code">In capitals: <c>INVALID_ARGUMENT</c>, <c>TIMEOUT</c>, or the tool's own.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Retryable">False: another attempt would fail in the same way, so none is made.</param>
/// <param name="RetryAfter">How long to wait at least before another attempt; zero leaves it to the retry policy.</param>
public sealed record ToolFailure(string Code, string Message, bool Retryable, TimeSpan RetryAfter = default);

/// <summary>The codes that every tool may answer with.</summary>
public static class ToolFailureCode
{
    /// <summary>The arguments, after references are resolved, do not fit the tool.</summary>
    public const string InvalidArgument = "INVALID_ARGUMENT";

    /// <summary>The tool is not known here, or switched off on this node.</summary>
    public const string ToolUnavailable = "TOOL_UNAVAILABLE";

    /// <summary>The canonical result exceeds <see cref="WorkflowLimits.ResultBytesMax"/>.</summary>
    public const string ResultTooLarge = "RESULT_TOO_LARGE";

    /// <summary>The attempt ran longer than the task allows.</summary>
    public const string Timeout = "TIMEOUT";

    /// <summary>The attempt was stopped on request.</summary>
    public const string Cancelled = "CANCELLED";
}

/// <summary>
/// What running a tool gave: an output or a failure, to be answered after <see cref="Delay"/>. Plain data, so that the real node
/// waits on a clock and the simulator in virtual time. An output never exceeds <see cref="WorkflowLimits.ResultBytesMax"/>.
/// </summary>
public sealed record ToolOutcome
{
    /// <summary>Characters of a failure's code.</summary>
    public const int CodeLengthMax = 64;

    /// <summary>Characters of a failure's message.</summary>
    public const int MessageLengthMax = 4_096;

    private ToolOutcome(TimeSpan delay, JsonNode? output, ReadOnlyMemory<byte> outputJson, ToolFailure? failure) =>
        (Delay, Output, OutputJson, Failure) = (delay, output, outputJson, failure);

    /// <summary>How long to wait before answering; zero for nearly all.</summary>
    public TimeSpan Delay { get; }

    /// <summary>The value, which may be JSON null; null after a failure.</summary>
    public JsonNode? Output { get; }

    /// <summary>The canonical bytes of <see cref="Output"/>; empty after a failure.</summary>
    public ReadOnlyMemory<byte> OutputJson { get; }

    /// <summary>Null when the tool succeeded.</summary>
    public ToolFailure? Failure { get; }

    /// <summary>True when there is an output.</summary>
    public bool IsSuccess => Failure is null;

    /// <summary>An output, or RESULT_TOO_LARGE in its place.</summary>
    public static ToolOutcome Succeeded(JsonNode? output, TimeSpan delay = default)
    {
        var json = CanonicalJson.Write(output);
        return json.Length <= WorkflowLimits.ResultBytesMax
            ? new ToolOutcome(delay, output, json, null)
            : Failed(ToolFailureCode.ResultTooLarge, $"The result has {json.Length} bytes, and {WorkflowLimits.ResultBytesMax} are allowed: store it elsewhere and return a reference.");
    }

    /// <summary>A failure; code and message are cut to <see cref="CodeLengthMax"/> and <see cref="MessageLengthMax"/> characters.</summary>
    public static ToolOutcome Failed(string code, string message, bool retryable = false, TimeSpan retryAfter = default) =>
        new(default, null, default, new ToolFailure(Cut(code, CodeLengthMax), Cut(message, MessageLengthMax), retryable, retryAfter));

    private static string Cut(string text, int lengthMax)
    {
        if (text.Length <= lengthMax) return text;
        return text[..(char.IsHighSurrogate(text[lengthMax - 1]) ? lengthMax - 1 : lengthMax)];
    }
}
