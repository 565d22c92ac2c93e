namespace Swim.Node.Configuration;

/// <summary>The form of a node's log.</summary>
public enum LogFormat
{
    /// <summary>A line of text for each event, for people.</summary>
    Plain,

    /// <summary>A JSON object for each event, with its fields under <c>State</c>, for programs.</summary>
    Json,
}
