using System.Text.Json.Nodes;

namespace Swim.Core.Workflows.Reading;

/// <summary>A task as it stands in the document, before its dependencies are linked.</summary>
/// <param name="Id">Null when missing or malformed.</param>
/// <param name="Place">The task's object.</param>
/// <param name="IdPlace">Where its id stands; the object when it has none.</param>
/// <param name="Tool">Empty when missing.</param>
/// <param name="Arguments">With its references unresolved.</param>
/// <param name="Waits">Ids of the tasks it waits for, named or referred to, each with its place; may repeat.</param>
/// <param name="Retry">With the defaults of the workflow and the language in it.</param>
/// <param name="Timeout">As for <paramref name="Retry"/>.</param>
/// <param name="AtMostOnce">As for <paramref name="Retry"/>.</param>
/// <param name="StrictFencing">As for <paramref name="Retry"/>.</param>
internal sealed record TaskDraft(
    string? Id,
    PlacedNode Place,
    PlacedNode IdPlace,
    string Tool,
    JsonObject Arguments,
    IReadOnlyList<TaskWait> Waits,
    RetryPolicy Retry,
    TimeSpan Timeout,
    bool AtMostOnce,
    bool StrictFencing);

/// <summary>One dependency as written.</summary>
/// <param name="Id">The id of the other task.</param>
/// <param name="Place">Where it is named.</param>
/// <param name="IsReference">True for an <c>$OUTPUT[...]</c>, false for <c>depends_on</c>.</param>
internal readonly record struct TaskWait(string Id, PlacedNode Place, bool IsReference);
