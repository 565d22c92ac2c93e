namespace MessagePack;

/// <content>Arrays, maps, and passing over whole values.</content>
public ref partial struct MessagePackReader
{
    /// <summary>
    /// Reads the header of an array. A count that the rest of the input cannot hold, at one byte a value, throws <see cref="EndOfStreamException"/>,
    /// so the caller may size a collection by it.
    /// </summary>
    public int ReadArrayHeader()
    {
        if (!TryReadArrayHeader(out var count) || count > Remaining)
        {
            ThrowTooShort();
        }

        return count;
    }

    /// <summary>Reads the header of an array, however many values follow; false, with nothing consumed, when the header is not whole.</summary>
    public bool TryReadArrayHeader(out int count) =>
        TryReadCount(MessagePackCode.MinFixArray, MessagePackCode.Array16, MessagePackCode.Array32, out count);

    /// <summary>
    /// Reads the header of a map: the number of pairs. A count that the rest of the input cannot hold, at two bytes a pair, throws
    /// <see cref="EndOfStreamException"/>.
    /// </summary>
    public int ReadMapHeader()
    {
        if (!TryReadMapHeader(out var count) || count > Remaining / 2)
        {
            ThrowTooShort();
        }

        return count;
    }

    /// <summary>Reads the header of a map, however many pairs follow; false, with nothing consumed, when the header is not whole.</summary>
    public bool TryReadMapHeader(out int count) =>
        TryReadCount(MessagePackCode.MinFixMap, MessagePackCode.Map16, MessagePackCode.Map32, out count);

    /// <summary>Passes over the next value and all within it, to any depth, without recursion.</summary>
    public void Skip()
    {
        // Ends within the input's length: each turn consumes a byte or throws.
        for (var pending = 1L; pending > 0; pending--)
        {
            pending += SkipToken();
        }
    }

    // Passes over one token and its bytes; returns how many values are nested directly in it.
    private long SkipToken()
    {
        switch (NextMessagePackType)
        {
            case MessagePackType.Array:
                return TryReadArrayHeader(out var count) ? count : TooShort();
            case MessagePackType.Map:
                return TryReadMapHeader(out var pairs) ? 2L * pairs : TooShort();
            case MessagePackType.String:
                Pass(ReadFittingLength(isText: true));
                return 0;
            case MessagePackType.Binary:
                Pass(ReadFittingLength(isText: false));
                return 0;
            case MessagePackType.Extension:
                Pass((int)ReadExtensionFormatHeader().Length);
                return 0;
            default:
                TakeCoded(ScalarLength(NextCode));
                return 0;
        }
    }

    // Not `_at += Read...()` at the call: that would take the position from before the header.
    private void Pass(int length) => _at += length;

    private static int ScalarLength(byte code)
    {
        switch (code)
        {
            case MessagePackCode.NeverUsed:
                ThrowUnexpected(code);
                return 0;
            case MessagePackCode.UInt8 or MessagePackCode.Int8:
                return 1;
            case MessagePackCode.UInt16 or MessagePackCode.Int16:
                return 2;
            case MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32:
                return 4;
            case MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64:
                return 8;
            default:
                return 0;
        }
    }

    private bool TryReadCount(byte fix, byte code16, byte code32, out int count)
    {
        count = 0;
        if (End)
        {
            return false;
        }

        var code = NextCode;
        if ((code & 0xf0) == fix)
        {
            count = code & 0x0f;
            _at++;
            return true;
        }

        if (code != code16 && code != code32)
        {
            ThrowUnexpected(code);
        }

        var width = code == code16 ? 2 : 4;
        if (Remaining <= width)
        {
            return false;
        }

        count = checked((int)BigEndian(_input.Slice(_at + 1, width)));
        _at += 1 + width;
        return true;
    }

    private static long TooShort()
    {
        ThrowTooShort();
        return 0;
    }
}
