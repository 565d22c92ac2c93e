using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;

namespace Swim.Node.Http;

/// <summary>One path and method of the HTTP port. Served from this record and described from it, so the description cannot differ.</summary>
/// <param name="Method">GET, which stands for HEAD too, or POST.</param>
/// <param name="Pattern">The path, with its parameters in braces.</param>
/// <param name="Name">Unique; the RPC's where it is one.</param>
/// <param name="Summary">One sentence.</param>
internal sealed record HttpRoute(string Method, string Pattern, string Name, string Summary)
{
    /// <summary>Answers a request.</summary>
    public required RequestDelegate Handle { get; init; }

    /// <summary>Its fields come from the path, the query and, where there is one, the body; null: it has none.</summary>
    public MessageDescriptor? Request { get; init; }

    /// <summary>What it answers; null: text.</summary>
    public MessageDescriptor? Response { get; init; }

    /// <summary>Of the answer.</summary>
    public string ContentType { get; init; } = ProtoJson.ContentType;

    /// <summary>True when the body is a document, or a request with one.</summary>
    public bool TakesDocument { get; init; }

    /// <summary>Headers that it looks at, with what they mean.</summary>
    public IReadOnlyList<(string Name, string Meaning)> Headers { get; init; } = [];

    /// <summary>Statuses of success, with what they mean.</summary>
    public IReadOnlyList<(int Status, string Meaning)> Successes { get; init; } = [(StatusCodes.Status200OK, "The answer.")];

    /// <summary>Statuses of refusals to be expected; each is a <see cref="Problem"/>, but of probes, which answer with text.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];
}
