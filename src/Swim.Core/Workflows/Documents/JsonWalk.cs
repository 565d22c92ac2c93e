using System.Text.Json;

namespace Swim.Core.Workflows.Documents;

/// <summary>One pass of the framework's reader over a JSON text, counting lines as it goes.</summary>
internal ref struct JsonWalk
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly List<string> _path = [];
    private Utf8JsonReader _reader;
    private int _counted;
    private int _line = 1;
    private int _column = 1;
    private int _nodes;

    public JsonWalk(ReadOnlySpan<byte> utf8)
    {
        _utf8 = utf8;
        // Deeper than our own bound, so that ours is the one that speaks.
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DocumentLimits.DepthMax + 2 });
    }

    /// <summary>Why <see cref="ReadDocument"/> answered null.</summary>
    public DocumentError? Error { get; private set; }

    /// <summary>The whole text as one value; null with <see cref="Error"/>, or a <see cref="JsonException"/> on bad syntax.</summary>
    public DocumentNode? ReadDocument()
    {
        _reader.Read();
        var root = ReadValue(0);
        if (root is not null) _reader.Read();
        return root;
    }

    public DocumentError ErrorAt(int offset, string message, string code = DocumentErrorCode.InvalidArgument)
    {
        var (line, column) = PlaceOf(offset);
        return new DocumentError(code, message, line, column, "$" + string.Concat(_path));
    }

    public DocumentError SyntaxError(JsonException fault)
    {
        var message = fault.Message;
        // The framework appends its own, zero-based place.
        var tail = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (tail > 0) message = message[..tail];
        return ErrorAt(OffsetOf(fault), $"This is not JSON: {message} Correct the syntax here.");
    }

    private DocumentNode? ReadValue(int depth)
    {
        var offset = (int)_reader.TokenStartIndex;
        var (line, column) = PlaceOf(offset);
        if (++_nodes > DocumentLimits.JsonNodesMax)
            return Fail(offset, $"The document holds more than {DocumentLimits.JsonNodesMax} values: split it.", DocumentErrorCode.ResourceExhausted);
        switch (_reader.TokenType)
        {
            case JsonTokenType.Null: return DocumentNode.Null(line, column);
            case JsonTokenType.True: return DocumentNode.Boolean(true, line, column);
            case JsonTokenType.False: return DocumentNode.Boolean(false, line, column);
            case JsonTokenType.Number: return ReadNumber(offset, line, column);
            case JsonTokenType.String: return ReadText(offset) is { } text ? DocumentNode.Text(text, line, column) : null;
        }
        if (depth == DocumentLimits.DepthMax)
            return Fail(offset, $"Nested deeper than {DocumentLimits.DepthMax} levels: flatten the document.", DocumentErrorCode.ResourceExhausted);
        return _reader.TokenType == JsonTokenType.StartArray ? ReadArray(depth, line, column) : ReadObject(depth, line, column);
    }

    private DocumentNode? ReadArray(int depth, int line, int column)
    {
        var items = new List<DocumentNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _path.Add($"[{items.Count}]");
            if (ReadValue(depth + 1) is not { } item) return null;
            items.Add(item);
            _path.RemoveAt(_path.Count - 1);
        }
        return DocumentNode.List(items, line, column);
    }

    private DocumentNode? ReadObject(int depth, int line, int column)
    {
        var members = new List<DocumentMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var offset = (int)_reader.TokenStartIndex;
            var (nameLine, nameColumn) = PlaceOf(offset);
            if (ReadText(offset) is not { } name) return null;
            if (!names.Add(name)) return Fail(offset, $"The name '{DocumentPath.Shorten(name)}' stands twice in this object: remove one.");
            _reader.Read();
            _path.Add(DocumentPath.Member(name));
            if (ReadValue(depth + 1) is not { } value) return null;
            members.Add(new DocumentMember(name, nameLine, nameColumn, value));
            _path.RemoveAt(_path.Count - 1);
        }
        return DocumentNode.Map(members, line, column);
    }

    private DocumentNode? ReadNumber(int offset, int line, int column)
    {
        Span<char> text = stackalloc char[JsonNumber.DigitsMax];
        if (_reader.ValueSpan.Length <= text.Length)
        {
            var length = System.Text.Encoding.ASCII.GetChars(_reader.ValueSpan, text);
            if (JsonNumber.TryParse(text[..length], out var number)) return DocumentNode.Number(number, line, column);
        }
        return Fail(offset, $"This number has more than {JsonNumber.DigitsMax} digits or lies outside 1e-{JsonNumber.MagnitudeMax}..1e{JsonNumber.MagnitudeMax}: write it as a string.");
    }

    private string? ReadText(int offset)
    {
        try
        {
            return _reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escaped surrogate without its other half: no UTF-8 text can hold it.
            Fail(offset, "This string holds half of a surrogate pair (\\uD800 to \\uDFFF): write the character itself.");
            return null;
        }
    }

    private DocumentNode? Fail(int offset, string message, string code = DocumentErrorCode.InvalidArgument)
    {
        Error = ErrorAt(offset, message, code);
        return null;
    }

    private readonly int OffsetOf(JsonException fault)
    {
        var offset = 0;
        for (var line = 0L; line < (fault.LineNumber ?? 0); line++)
        {
            var next = _utf8[offset..].IndexOf((byte)'\n');
            if (next < 0) break;
            offset += next + 1;
        }
        return (int)Math.Min(offset + (fault.BytePositionInLine ?? 0), _utf8.Length);
    }

    private (int Line, int Column) PlaceOf(int offset)
    {
        if (offset < _counted) (_counted, _line, _column) = (0, 1, 1);
        foreach (var unit in _utf8[_counted..offset])
        {
            if (unit == '\n') (_line, _column) = (_line + 1, 1);
            else if ((unit & 0xC0) != 0x80) _column++;
        }
        _counted = offset;
        return (_line, _column);
    }
}
