using Microsoft.Extensions.Logging;

namespace Swim.Client;

/// <summary>What a client writes to the program's log.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(2001, LogLevel.Warning, "{Server} failed: {Code}: {Detail}")]
    public static partial void ServerFailed(ILogger log, ServerAddress server, string code, string detail);

    [LoggerMessage(2002, LogLevel.Debug, "No server answered in round {Round}, last {Code}: pausing for {Pause}")]
    public static partial void Pausing(ILogger log, int round, TimeSpan pause, string code);

    [LoggerMessage(2003, LogLevel.Debug, "Following {WorkflowId} goes on after {Code}")]
    public static partial void FollowingOn(ILogger log, string workflowId, string code);
}
