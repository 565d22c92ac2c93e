namespace Swim.Core.Workflows.Documents;

/// <summary>Why a document is refused, and where.</summary>
/// <param name="Code">One of <see cref="DocumentErrorCode"/>; the name of the gRPC status it becomes.</param>
/// <param name="Message">A sentence that names the fault and what to do about it; without the place.</param>
/// <param name="Line">From 1; 0 when the document as a whole is meant.</param>
/// <param name="Column">From 1, in characters; 0 when the document as a whole is meant.</param>
/// <param name="Path">From the root: <c>$.tasks[2].timeout_ms</c>.</param>
public sealed record DocumentError(string Code, string Message, int Line, int Column, string Path)
{
    /// <summary>What was probably meant; empty where nothing is near.</summary>
    public string Suggestion => NearestName.SuggestedIn(Message);

    /// <summary>Place and message in one line, as a client shows it.</summary>
    public override string ToString() => Line == 0 ? Message : $"line {Line}, column {Column} ({Path}): {Message}";
}

/// <summary>The codes of a <see cref="DocumentError"/>.</summary>
public static class DocumentErrorCode
{
    /// <summary>The document is wrong and stays wrong until somebody changes it.</summary>
    public const string InvalidArgument = "INVALID_ARGUMENT";

    /// <summary>Part of the language that this version does not run.</summary>
    public const string Unimplemented = "UNIMPLEMENTED";

    /// <summary>Larger, deeper or longer than a limit.</summary>
    public const string ResourceExhausted = "RESOURCE_EXHAUSTED";

    /// <summary>Well formed, but switched off on this node.</summary>
    public const string PermissionDenied = "PERMISSION_DENIED";
}
