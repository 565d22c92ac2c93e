using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MessagePack;

/// <content>Text, raw bytes, extensions and timestamps.</content>
public ref partial struct MessagePackWriter
{
    // Above this the worst case of three bytes a character is too much to ask of the output; the text is counted first.
    private const int EncodeAtOnceCharsMax = 16 * 1024;

    /// <summary>Writes text as UTF-8, or nil.</summary>
    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
        }
        else
        {
            Write(value.AsSpan());
        }
    }

    /// <summary>Writes text as UTF-8; a lone surrogate becomes U+FFFD.</summary>
    public void Write(scoped ReadOnlySpan<char> value)
    {
        if (value.Length > EncodeAtOnceCharsMax)
        {
            WriteCounted(value);
            return;
        }

        var guess = StringHeaderLength(value.Length);
        var span = GetSpan(5 + value.Length * 3);
        var length = Encoding.UTF8.GetBytes(value, span[guess..]);
        var header = StringHeaderLength(length);
        if (header != guess)
        {
            span.Slice(guess, length).CopyTo(span[header..]);
        }

        PutStringHeader(span, length);
        _used += header + length;
    }

    /// <summary>Writes text that is UTF-8 already. The bytes are not checked.</summary>
    public void WriteString(scoped ReadOnlySpan<byte> utf8stringBytes)
    {
        WriteStringHeader(utf8stringBytes.Length);
        WriteRaw(utf8stringBytes);
    }

    /// <summary>Writes text that is UTF-8 already. The bytes are not checked.</summary>
    public void WriteString(in ReadOnlySequence<byte> utf8stringBytes)
    {
        WriteStringHeader(checked((int)utf8stringBytes.Length));
        WriteRaw(utf8stringBytes);
    }

    /// <summary>Writes the header of a text; <paramref name="byteCount"/> bytes must follow by <see cref="WriteRaw(ReadOnlySpan{byte})"/>.</summary>
    public void WriteStringHeader(int byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        PutStringHeader(GetSpan(5), byteCount);
        _used += StringHeaderLength(byteCount);
    }

    /// <summary>Writes bytes, or nil.</summary>
    public void Write(byte[]? src)
    {
        if (src is null)
        {
            WriteNil();
        }
        else
        {
            Write(src.AsSpan());
        }
    }

    /// <summary>Writes bytes.</summary>
    public void Write(scoped ReadOnlySpan<byte> src)
    {
        WriteBinHeader(src.Length);
        WriteRaw(src);
    }

    /// <summary>Writes bytes.</summary>
    public void Write(in ReadOnlySequence<byte> src)
    {
        WriteBinHeader(checked((int)src.Length));
        WriteRaw(src);
    }

    /// <summary>Writes the header of a run of bytes; <paramref name="length"/> of them must follow by <see cref="WriteRaw(ReadOnlySpan{byte})"/>.</summary>
    public void WriteBinHeader(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (OldSpec)
        {
            WriteStringHeader(length);
        }
        else if (length <= byte.MaxValue)
        {
            WriteCoded8(MessagePackCode.Bin8, (byte)length);
        }
        else
        {
            WriteHeader16Or32(MessagePackCode.Bin16, MessagePackCode.Bin32, (uint)length);
        }
    }

    /// <summary>Writes an extension value.</summary>
    public void WriteExtensionFormat(ExtensionResult extensionData)
    {
        WriteExtensionFormatHeader(extensionData.Header);
        WriteRaw(extensionData.Data);
    }

    /// <summary>Writes the header of an extension value; its bytes must follow by <see cref="WriteRaw(ReadOnlySpan{byte})"/>.</summary>
    public void WriteExtensionFormatHeader(ExtensionHeader extensionHeader)
    {
        var type = unchecked((byte)extensionHeader.TypeCode);
        var length = extensionHeader.Length;
        if (FixedExtensionCode(length) is var code and not 0)
        {
            WriteCoded8(code, type);
            return;
        }

        if (length <= byte.MaxValue)
        {
            WriteCoded8(MessagePackCode.Ext8, (byte)length);
        }
        else
        {
            WriteHeader16Or32(MessagePackCode.Ext16, MessagePackCode.Ext32, length);
        }

        WriteByte(type);
    }

    /// <summary>
    /// Writes a timestamp in the shortest of the specification's three forms. Local time is turned into UTC; unspecified is taken for UTC.
    /// Throws <see cref="NotSupportedException"/> under <see cref="OldSpec"/>, which has no timestamps.
    /// </summary>
    public void Write(DateTime dateTime)
    {
        if (OldSpec)
        {
            throw new NotSupportedException("The old msgpack format has no timestamps.");
        }

        var ticks = (dateTime.Kind == DateTimeKind.Local ? dateTime.ToUniversalTime() : dateTime).Ticks - DateTime.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        WriteTimestamp(seconds, (uint)(rest * TimeSpan.NanosecondsPerTick));
    }

    private void WriteTimestamp(long seconds, uint nanoseconds)
    {
        const byte Type = unchecked((byte)ReservedMessagePackExtensionTypeCode.DateTime);
        if ((ulong)seconds >> 34 != 0)
        {
            WriteExtensionFormatHeader(new ExtensionHeader(ReservedMessagePackExtensionTypeCode.DateTime, 12));
            PutBigEndian(nanoseconds);
            PutBigEndian((ulong)seconds);
        }
        else if (nanoseconds == 0 && (ulong)seconds <= uint.MaxValue)
        {
            WriteCoded8(MessagePackCode.FixExt4, Type);
            PutBigEndian((uint)seconds);
        }
        else
        {
            WriteCoded8(MessagePackCode.FixExt8, Type);
            PutBigEndian((ulong)nanoseconds << 34 | (ulong)seconds);
        }
    }

    private void PutBigEndian(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(GetSpan(4), value);
        _used += 4;
    }

    private void PutBigEndian(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(GetSpan(8), value);
        _used += 8;
    }

    private void WriteCounted(scoped ReadOnlySpan<char> value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(length);
        Encoding.UTF8.GetBytes(value, GetSpan(length));
        _used += length;
    }

    private readonly int StringHeaderLength(int byteCount) => byteCount switch
    {
        <= 31 => 1,
        <= byte.MaxValue when !OldSpec => 2,
        <= ushort.MaxValue => 3,
        _ => 5,
    };

    private readonly void PutStringHeader(Span<byte> span, int byteCount)
    {
        switch (StringHeaderLength(byteCount))
        {
            case 1:
                span[0] = (byte)(MessagePackCode.MinFixStr | byteCount);
                break;
            case 2:
                span[1] = (byte)byteCount;
                span[0] = MessagePackCode.Str8;
                break;
            case 3:
                BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)byteCount);
                span[0] = MessagePackCode.Str16;
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)byteCount);
                span[0] = MessagePackCode.Str32;
                break;
        }
    }

    private static byte FixedExtensionCode(uint length) => length switch
    {
        1 => MessagePackCode.FixExt1,
        2 => MessagePackCode.FixExt2,
        4 => MessagePackCode.FixExt4,
        8 => MessagePackCode.FixExt8,
        16 => MessagePackCode.FixExt16,
        _ => 0,
    };
}
