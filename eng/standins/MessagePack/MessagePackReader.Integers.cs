using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MessagePack;

/// <content>Whole numbers. Every method takes every width and sign the value fits, as writers may use wider forms than needed.</content>
public ref partial struct MessagePackReader
{
    /// <summary>Reads a whole number.</summary>
    public byte ReadByte() => checked((byte)ReadUInt64());

    /// <summary>Reads a whole number.</summary>
    public ushort ReadUInt16() => checked((ushort)ReadUInt64());

    /// <summary>Reads a whole number as a UTF-16 code unit.</summary>
    public char ReadChar() => (char)ReadUInt16();

    /// <summary>Reads a whole number.</summary>
    public uint ReadUInt32() => checked((uint)ReadUInt64());

    /// <summary>Reads a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUInt64()
    {
        if (TryReadFixInt(out var small))
        {
            return small;
        }

        var bits = ReadInteger(out var isNegative);
        if (isNegative)
        {
            ThrowOutOfRange();
        }

        return bits;
    }

    /// <summary>Reads a whole number.</summary>
    public sbyte ReadSByte() => checked((sbyte)ReadInt64());

    /// <summary>Reads a whole number.</summary>
    public short ReadInt16() => checked((short)ReadInt64());

    /// <summary>Reads a whole number.</summary>
    public int ReadInt32() => checked((int)ReadInt64());

    /// <summary>Reads a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadInt64()
    {
        if (TryReadFixInt(out var small))
        {
            return small;
        }

        var bits = ReadInteger(out var isNegative);
        if (!isNegative && bits > long.MaxValue)
        {
            ThrowOutOfRange();
        }

        return unchecked((long)bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadFixInt(out byte value)
    {
        if ((uint)_at < (uint)_input.Length && _input[_at] <= MessagePackCode.MaxFixInt)
        {
            value = _input[_at++];
            return true;
        }

        value = 0;
        return false;
    }

    // A negative value comes back as its two's complement bits.
    private ulong ReadInteger(out bool isNegative)
    {
        var code = NextCode;
        isNegative = false;
        switch (code)
        {
            case <= MessagePackCode.MaxFixInt:
                _at++;
                return code;
            case MessagePackCode.UInt8:
                return TakeCoded(1)[0];
            case MessagePackCode.UInt16:
                return BinaryPrimitives.ReadUInt16BigEndian(TakeCoded(2));
            case MessagePackCode.UInt32:
                return BinaryPrimitives.ReadUInt32BigEndian(TakeCoded(4));
            case MessagePackCode.UInt64:
                return BinaryPrimitives.ReadUInt64BigEndian(TakeCoded(8));
            default:
                var value = ReadSigned(code);
                isNegative = value < 0;
                return unchecked((ulong)value);
        }
    }

    private long ReadSigned(byte code)
    {
        switch (code)
        {
            case >= MessagePackCode.MinNegativeFixInt:
                _at++;
                return unchecked((sbyte)code);
            case MessagePackCode.Int8:
                return unchecked((sbyte)TakeCoded(1)[0]);
            case MessagePackCode.Int16:
                return BinaryPrimitives.ReadInt16BigEndian(TakeCoded(2));
            case MessagePackCode.Int32:
                return BinaryPrimitives.ReadInt32BigEndian(TakeCoded(4));
            case MessagePackCode.Int64:
                return BinaryPrimitives.ReadInt64BigEndian(TakeCoded(8));
            default:
                ThrowUnexpected(code);
                return 0;
        }
    }

    private static void ThrowOutOfRange() => throw new OverflowException("The number is outside the range of the type it is read as.");
}
