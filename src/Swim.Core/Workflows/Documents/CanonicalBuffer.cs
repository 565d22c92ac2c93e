using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swim.Core.Workflows.Documents;

/// <summary>Writes canonical JSON token by token; the caller gives names in sorted order.</summary>
internal sealed class CanonicalBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _first = true;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Open(char bracket)
    {
        Put((byte)bracket);
        _first = true;
    }

    public void Close(char bracket)
    {
        Put((byte)bracket);
        _first = false;
    }

    /// <summary>Begins an element of an array.</summary>
    public void Item()
    {
        if (!_first) Put((byte)',');
        _first = false;
    }

    /// <summary>Begins a member of an object.</summary>
    public void Name(string name)
    {
        Item();
        Text(name);
        Put((byte)':');
    }

    public void Raw(string ascii) => Encoding.ASCII.GetBytes(ascii, _bytes);

    public void Integer(long value) => Raw(value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A null, boolean, number or string.</summary>
    public void Scalar(JsonNode? value)
    {
        switch (value?.GetValueKind())
        {
            case null or JsonValueKind.Null: Raw("null"); break;
            case JsonValueKind.True: Raw("true"); break;
            case JsonValueKind.False: Raw("false"); break;
            case JsonValueKind.Number: Number(value.ToJsonString()); break;
            default: Text(value.AsValue().TryGetValue<string>(out var text) ? text : value.ToString()); break;
        }
    }

    public void Text(string text)
    {
        Put((byte)'"');
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var plain = rest.IndexOfAny(Escaped);
            Encoding.UTF8.GetBytes(plain < 0 ? rest : rest[..plain], _bytes);
            if (plain < 0) break;
            Escape(rest[plain]);
            rest = rest[(plain + 1)..];
        }
        Put((byte)'"');
    }

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    private void Number(string text) => Raw(JsonNumber.TryParse(text, out var number) ? number.ToString() : text);

    private void Escape(char unit) => Raw(unit switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{(int)unit:x4}",
    });

    private void Put(byte unit)
    {
        _bytes.GetSpan(1)[0] = unit;
        _bytes.Advance(1);
    }
}
