using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MessagePack;

/// <content>Text, raw bytes, extensions and timestamps.</content>
public ref partial struct MessagePackReader
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int TimestampSecondsBits = 34;

    /// <summary>Reads text, or null for nil. A byte that is not UTF-8 becomes U+FFFD.</summary>
    public string? ReadString() => TryReadNil() ? null : Encoding.UTF8.GetString(TakeSpan(ReadFittingLength(isText: true)));

    /// <summary>Reads text as the UTF-8 it is written with, not checked; null for nil.</summary>
    public ReadOnlySequence<byte>? ReadStringSequence() => TryReadNil() ? null : TakeSequence(ReadFittingLength(isText: true));

    /// <summary>
    /// Reads text as a view of the UTF-8 it is written with, not checked. False, with nothing consumed, for nil and for text that is not whole.
    /// </summary>
    public bool TryReadStringSpan(out ReadOnlySpan<byte> span)
    {
        span = default;
        if (IsNil)
        {
            return false;
        }

        var start = _at;
        if (!TryReadLength(isText: true, out var length) || length > (uint)Remaining)
        {
            _at = start;
            return false;
        }

        span = TakeSpan((int)length);
        return true;
    }

    /// <summary>Reads bytes, or null for nil. Text of the older format, which had no bytes, is taken too.</summary>
    public ReadOnlySequence<byte>? ReadBytes() => TryReadNil() ? null : TakeSequence(ReadFittingLength(isText: false));

    /// <summary>Reads an extension value.</summary>
    public ExtensionResult ReadExtensionFormat()
    {
        var header = ReadExtensionFormatHeader();
        return new ExtensionResult(header.TypeCode, TakeSequence((int)header.Length));
    }

    /// <summary>Reads the header of an extension value whose bytes are all there.</summary>
    public ExtensionHeader ReadExtensionFormatHeader()
    {
        if (!TryReadExtensionFormatHeader(out var header) || header.Length > (uint)Remaining)
        {
            ThrowTooShort();
        }

        return header;
    }

    /// <summary>Reads the header of an extension value; false, with nothing consumed, when it is not whole.</summary>
    public bool TryReadExtensionFormatHeader(out ExtensionHeader extensionHeader)
    {
        extensionHeader = default;
        if (End)
        {
            return false;
        }

        var widthOfLength = ExtensionLengthWidth(NextCode, out var length);
        if (Remaining < 2 + widthOfLength)
        {
            return false;
        }

        if (widthOfLength > 0)
        {
            length = BigEndian(_input.Slice(_at + 1, widthOfLength));
        }

        extensionHeader = new ExtensionHeader(unchecked((sbyte)_input[_at + 1 + widthOfLength]), length);
        _at += 2 + widthOfLength;
        return true;
    }

    /// <summary>Reads a timestamp, as UTC.</summary>
    public DateTime ReadDateTime() => ReadDateTime(ReadExtensionFormatHeader());

    /// <summary>Reads the timestamp whose header was just read, as UTC.</summary>
    public DateTime ReadDateTime(ExtensionHeader header)
    {
        if (header.TypeCode != ReservedMessagePackExtensionTypeCode.DateTime)
        {
            throw new MessagePackSerializationException($"Extension type {header.TypeCode} is not a timestamp.");
        }

        if (header.Length > (uint)Remaining)
        {
            ThrowTooShort();
        }

        switch (header.Length)
        {
            case 4:
                return Timestamp(BinaryPrimitives.ReadUInt32BigEndian(TakeSpan(4)), 0);
            case 8:
                var both = BinaryPrimitives.ReadUInt64BigEndian(TakeSpan(8));
                return Timestamp((long)(both & (1UL << TimestampSecondsBits) - 1), (long)(both >> TimestampSecondsBits));
            case 12:
                var nanoseconds = BinaryPrimitives.ReadUInt32BigEndian(TakeSpan(4));
                return Timestamp(BinaryPrimitives.ReadInt64BigEndian(TakeSpan(8)), nanoseconds);
            default:
                throw new MessagePackSerializationException($"A timestamp has 4, 8 or 12 bytes, not {header.Length}.");
        }
    }

    private static DateTime Timestamp(long seconds, long nanoseconds)
    {
        var earliest = -DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerSecond;
        var latest = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        if (nanoseconds >= NanosecondsPerSecond || seconds < earliest || seconds > latest)
        {
            throw new MessagePackSerializationException("The timestamp is outside the years 1 to 9999, or has a second or more of nanoseconds.");
        }

        return DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond + nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    private int ReadFittingLength(bool isText)
    {
        if (!TryReadLength(isText, out var length) || length > (uint)Remaining)
        {
            ThrowTooShort();
        }

        return (int)length;
    }

    // False when the header itself is not whole.
    private bool TryReadLength(bool isText, out uint length)
    {
        var code = NextCode;
        var width = isText ? TextLengthWidth(code) : BytesLengthWidth(code);
        length = (uint)(code & 0x1f);
        if (Remaining <= width)
        {
            return false;
        }

        if (width > 0)
        {
            length = BigEndian(_input.Slice(_at + 1, width));
        }

        _at += 1 + width;
        return true;
    }

    // Bytes of length after the code; 0 when the code itself holds the length.
    private static int TextLengthWidth(byte code)
    {
        switch (code)
        {
            case >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr:
                return 0;
            case MessagePackCode.Str8:
                return 1;
            case MessagePackCode.Str16:
                return 2;
            case MessagePackCode.Str32:
                return 4;
            default:
                ThrowUnexpected(code);
                return 0;
        }
    }

    private static int BytesLengthWidth(byte code)
    {
        switch (code)
        {
            case MessagePackCode.Bin8:
                return 1;
            case MessagePackCode.Bin16:
                return 2;
            case MessagePackCode.Bin32:
                return 4;
            case MessagePackCode.Str8:
                // The older format wrote bytes as text, but had no str 8.
                ThrowUnexpected(code);
                return 0;
            default:
                return TextLengthWidth(code);
        }
    }

    private static int ExtensionLengthWidth(byte code, out uint length)
    {
        length = 0;
        switch (code)
        {
            case MessagePackCode.Ext8:
                return 1;
            case MessagePackCode.Ext16:
                return 2;
            case MessagePackCode.Ext32:
                return 4;
            case >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16:
                length = 1u << (code - MessagePackCode.FixExt1);
                return 0;
            default:
                ThrowUnexpected(code);
                return 0;
        }
    }

    private static uint BigEndian(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        1 => bytes[0],
        2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
    };
}
