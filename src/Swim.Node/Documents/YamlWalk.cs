using Swim.Core.Workflows.Documents;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Swim.Node.Documents;

/// <summary>One pass over a parser's events.</summary>
internal sealed class YamlWalk(IScanner scanner)
{
    private readonly Parser _parser = new(scanner);
    private readonly List<string> _path = [];
    private int _nodes;

    /// <summary>Why <see cref="ReadDocument"/> answered null.</summary>
    public DocumentError? Error { get; private set; }

    /// <summary>The only document of the stream; null with <see cref="Error"/>, or a <see cref="YamlException"/> on bad syntax.</summary>
    public DocumentNode? ReadDocument()
    {
        Advance();
        Advance();
        if (_parser.Current is not DocumentStart) return Fail(1, 1, "The document is empty: write a workflow.");
        Advance();
        if (ReadValue(0) is not { } root) return null;
        Advance();
        Advance();
        return _parser.Current is DocumentStart second
            ? Fail(second, "A second document begins here: send one at a time.")
            : root;
    }

    public DocumentError SyntaxError(YamlException fault)
    {
        var message = fault.Message;
        // The library puts its own form of the place in front.
        var head = message.IndexOf("): ", StringComparison.Ordinal);
        if (message.StartsWith('(') && head > 0) message = message[(head + 3)..];
        return At((int)Math.Max(1, fault.Start.Line), (int)Math.Max(1, fault.Start.Column), DocumentErrorCode.InvalidArgument, $"This is not YAML: {message.TrimEnd('.')}. Correct the syntax here.");
    }

    // On some malformed texts the library throws what it throws on its own mistakes (InvalidOperationException, ArgumentException).
    private bool Advance()
    {
        try
        {
            return _parser.MoveNext();
        }
#pragma warning disable CA1031 // Nothing but the text can make the parser fail, so whatever it throws says that the text is malformed.
        catch (Exception fault) when (fault is not YamlException)
#pragma warning restore CA1031
        {
            var place = scanner.CurrentPosition;
            throw new SyntaxErrorException(place, place, $"the text is not understood ({fault.Message})");
        }
    }

    private DocumentNode? ReadValue(int depth)
    {
        var current = _parser.Current!;
        if (++_nodes > DocumentLimits.YamlNodesMax)
            return Fail(current, $"The document holds more than {DocumentLimits.YamlNodesMax} values: split it, or send JSON.", DocumentErrorCode.ResourceExhausted);
        if (Refusal(current) is { } refusal) return Fail(current, refusal);
        if (current is Scalar scalar) return ReadScalar(scalar);
        if (depth == DocumentLimits.DepthMax)
            return Fail(current, $"Nested deeper than {DocumentLimits.DepthMax} levels: flatten the document.", DocumentErrorCode.ResourceExhausted);
        return current is SequenceStart ? ReadList(current, depth) : ReadMap(current, depth);
    }

    private static string? Refusal(ParsingEvent current) => current switch
    {
        AnchorAlias => "Aliases (*name) are not taken: write the value here.",
        NodeEvent { Anchor.IsEmpty: false } => "Anchors (&name) are not taken: remove it.",
        NodeEvent { Tag.IsEmpty: false } => "Tags (!name) are not taken: remove it, and put text in quotes.",
        _ => null,
    };

    private DocumentNode? ReadScalar(Scalar scalar)
    {
        var (line, column) = PlaceOf(scalar);
        if (!IsWellFormed(scalar.Value)) return Fail(scalar, "This string holds half of a surrogate pair: write the character itself.");
        if (scalar.Style != ScalarStyle.Plain) return DocumentNode.Text(scalar.Value, line, column);
        return YamlScalar.Resolve(scalar.Value, line, column, out var fault) ?? Fail(scalar, $"'{DocumentPath.Shorten(scalar.Value)}': {fault}; put it in quotes to make it a string.");
    }

    private DocumentNode? ReadList(ParsingEvent start, int depth)
    {
        var items = new List<DocumentNode>();
        while (Advance() && _parser.Current is not SequenceEnd)
        {
            _path.Add($"[{items.Count}]");
            if (ReadValue(depth + 1) is not { } item) return null;
            items.Add(item);
            _path.RemoveAt(_path.Count - 1);
        }
        var (line, column) = PlaceOf(start);
        return DocumentNode.List(items, line, column);
    }

    private DocumentNode? ReadMap(ParsingEvent start, int depth)
    {
        var members = new List<DocumentMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (Advance() && _parser.Current is not MappingEnd)
        {
            if (ReadName(names) is not { } key) return null;
            var (line, column) = PlaceOf(key);
            Advance();
            _path.Add(DocumentPath.Member(key.Value));
            if (ReadValue(depth + 1) is not { } value) return null;
            members.Add(new DocumentMember(key.Value, line, column, value));
            _path.RemoveAt(_path.Count - 1);
        }
        var place = PlaceOf(start);
        return DocumentNode.Map(members, place.Line, place.Column);
    }

    private Scalar? ReadName(HashSet<string> names)
    {
        var current = _parser.Current!;
        var wrong = Refusal(current) ?? current switch
        {
            not Scalar => "A name must be a string: lists and objects cannot stand here.",
            Scalar { Style: ScalarStyle.Plain, Value: "<<" } => "Merge keys (<<) are not taken: write the fields here.",
            Scalar { Style: ScalarStyle.Plain, Value: "" } => "The name before the colon is missing: write it.",
            Scalar name when !IsWellFormed(name.Value) => "This name holds half of a surrogate pair: write the character itself.",
            Scalar name when !names.Add(name.Value) => $"The name '{DocumentPath.Shorten(name.Value)}' stands twice in this object: remove one.",
            _ => null,
        };
        if (wrong is null) return (Scalar)current;
        Fail(current, wrong);
        return null;
    }

    // An escape such as "\ud800" can put into a string what no UTF-8 text holds.
    private static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[++at])) return false;
        }
        return true;
    }

    private static (int Line, int Column) PlaceOf(ParsingEvent at) => ((int)at.Start.Line, (int)at.Start.Column);

    private DocumentNode? Fail(ParsingEvent at, string message, string code = DocumentErrorCode.InvalidArgument)
    {
        var (line, column) = PlaceOf(at);
        Error = At(line, column, code, message);
        return null;
    }

    private DocumentNode? Fail(int line, int column, string message)
    {
        Error = At(line, column, DocumentErrorCode.InvalidArgument, message);
        return null;
    }

    private DocumentError At(int line, int column, string code, string message) => new(code, message, line, column, "$" + string.Concat(_path));
}
