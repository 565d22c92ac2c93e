using System.Text.Json.Nodes;

namespace Swim.Core.Workflows.Documents;

/// <summary>What a <see cref="DocumentNode"/> is; the six kinds of JSON.</summary>
public enum DocumentKind
{
    /// <summary>JSON null.</summary>
    Null,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A number, kept as its exact decimal value.</summary>
    Number,

    /// <summary>A string.</summary>
    Text,

    /// <summary>An array.</summary>
    List,

    /// <summary>An object; its names are unique.</summary>
    Map,
}

/// <summary>One member of an object, with the place of its name.</summary>
/// <param name="Name">As written, aliases not yet resolved.</param>
/// <param name="Line">Line of the name, from 1.</param>
/// <param name="Column">Column of the name, from 1, in characters.</param>
/// <param name="Value">What it holds.</param>
public sealed record DocumentMember(string Name, int Line, int Column, DocumentNode Value);

/// <summary>
/// A value of a document that remembers where it stands, so that every later complaint can name line and column.
/// Immutable; the same tree whether it came from JSON or YAML. Never deeper than <see cref="DocumentLimits.DepthMax"/>.
/// </summary>
public sealed class DocumentNode
{
    private DocumentNode(DocumentKind kind, int line, int column) => (Kind, Line, Column) = (kind, line, column);

    /// <summary>Which of the six kinds it is.</summary>
    public DocumentKind Kind { get; }

    /// <summary>Line of its first character, from 1.</summary>
    public int Line { get; }

    /// <summary>Column of its first character, from 1, in characters.</summary>
    public int Column { get; }

    /// <summary>The string's value, or the number in the form of <see cref="JsonNumber"/>; empty for the other kinds.</summary>
    public string Value { get; private init; } = "";

    /// <summary>The value of a boolean; false for the other kinds.</summary>
    public bool IsTrue { get; private init; }

    /// <summary>The elements of an array; empty for the other kinds.</summary>
    public IReadOnlyList<DocumentNode> Items { get; private init; } = [];

    /// <summary>The members of an object in the document's order, names unique; empty for the other kinds.</summary>
    public IReadOnlyList<DocumentMember> Members { get; private init; } = [];

    /// <summary>A null.</summary>
    public static DocumentNode Null(int line, int column) => new(DocumentKind.Null, line, column);

    /// <summary>A boolean.</summary>
    public static DocumentNode Boolean(bool value, int line, int column) => new(DocumentKind.Boolean, line, column) { IsTrue = value };

    /// <summary>A string.</summary>
    public static DocumentNode Text(string value, int line, int column) => new(DocumentKind.Text, line, column) { Value = value };

    /// <summary>A number.</summary>
    public static DocumentNode Number(JsonNumber value, int line, int column) =>
        new(DocumentKind.Number, line, column) { Value = value.ToString() };

    /// <summary>An array.</summary>
    public static DocumentNode List(IReadOnlyList<DocumentNode> items, int line, int column) =>
        new(DocumentKind.List, line, column) { Items = items };

    /// <summary>An object; the caller has made sure that no name stands twice.</summary>
    public static DocumentNode Map(IReadOnlyList<DocumentMember> members, int line, int column) =>
        new(DocumentKind.Map, line, column) { Members = members };

    /// <summary>A fresh tree of plain JSON values, without places. Numbers keep their exact value.</summary>
    public JsonNode? ToJsonNode() => Kind switch
    {
        DocumentKind.Boolean => JsonValue.Create(IsTrue),
        DocumentKind.Number => JsonNode.Parse(Value),
        DocumentKind.Text => JsonValue.Create(Value),
        DocumentKind.List => new JsonArray([.. Items.Select(item => item.ToJsonNode())]),
        DocumentKind.Map => ToJsonObject(),
        _ => null,
    };

    /// <summary>A fresh <see cref="JsonObject"/> of the members; empty for the other kinds.</summary>
    public JsonObject ToJsonObject()
    {
        var result = new JsonObject();
        foreach (var member in Members) result.Add(member.Name, member.Value.ToJsonNode());
        return result;
    }

    /// <summary>How its kind is called in a message: "an object", "a number".</summary>
    public string Describe() => Kind switch
    {
        DocumentKind.Null => "null",
        DocumentKind.Boolean => IsTrue ? "true" : "false",
        DocumentKind.Number => "a number",
        DocumentKind.Text => "a string",
        DocumentKind.List => "a list",
        _ => "an object",
    };
}
