using System.Runtime.CompilerServices;

namespace MessagePack;

/// <content>Whole numbers: <c>Write</c> takes the shortest form, <c>WriteInt8</c> and its kin the named one.</content>
public ref partial struct MessagePackWriter
{
    private const int SmallestNegativeFixInt = -32;

    /// <summary>Writes a whole number in its shortest form.</summary>
    public void Write(byte value) => Write((ulong)value);

    /// <summary>Writes a whole number in its shortest form.</summary>
    public void Write(ushort value) => Write((ulong)value);

    /// <summary>Writes a UTF-16 code unit as a whole number in its shortest form.</summary>
    public void Write(char value) => Write((ulong)value);

    /// <summary>Writes a whole number in its shortest form.</summary>
    public void Write(uint value) => Write((ulong)value);

    /// <summary>Writes a whole number in its shortest form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ulong value)
    {
        if (value <= MessagePackCode.MaxFixInt)
        {
            WriteByte((byte)value);
        }
        else
        {
            WriteWide(value);
        }
    }

    /// <summary>Writes a whole number in its shortest form.</summary>
    public void Write(sbyte value) => Write((long)value);

    /// <summary>Writes a whole number in its shortest form.</summary>
    public void Write(short value) => Write((long)value);

    /// <summary>Writes a whole number in its shortest form.</summary>
    public void Write(int value) => Write((long)value);

    /// <summary>Writes a whole number in its shortest form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(long value)
    {
        if (value >= 0)
        {
            Write((ulong)value);
        }
        else
        {
            WriteNegative(value);
        }
    }

    /// <summary>Writes two bytes, whatever the value.</summary>
    public void WriteUInt8(byte value) => WriteCoded8(MessagePackCode.UInt8, value);

    /// <summary>Writes three bytes, whatever the value.</summary>
    public void WriteUInt16(ushort value) => WriteCoded16(MessagePackCode.UInt16, value);

    /// <summary>Writes five bytes, whatever the value.</summary>
    public void WriteUInt32(uint value) => WriteCoded32(MessagePackCode.UInt32, value);

    /// <summary>Writes nine bytes, whatever the value.</summary>
    public void WriteUInt64(ulong value) => WriteCoded64(MessagePackCode.UInt64, value);

    /// <summary>Writes two bytes, whatever the value.</summary>
    public void WriteInt8(sbyte value) => WriteCoded8(MessagePackCode.Int8, unchecked((byte)value));

    /// <summary>Writes three bytes, whatever the value.</summary>
    public void WriteInt16(short value) => WriteCoded16(MessagePackCode.Int16, unchecked((ushort)value));

    /// <summary>Writes five bytes, whatever the value.</summary>
    public void WriteInt32(int value) => WriteCoded32(MessagePackCode.Int32, unchecked((uint)value));

    /// <summary>Writes nine bytes, whatever the value.</summary>
    public void WriteInt64(long value) => WriteCoded64(MessagePackCode.Int64, unchecked((ulong)value));

    private void WriteWide(ulong value)
    {
        switch (value)
        {
            case <= byte.MaxValue:
                WriteUInt8((byte)value);
                break;
            case <= ushort.MaxValue:
                WriteUInt16((ushort)value);
                break;
            case <= uint.MaxValue:
                WriteUInt32((uint)value);
                break;
            default:
                WriteUInt64(value);
                break;
        }
    }

    private void WriteNegative(long value)
    {
        switch (value)
        {
            case >= SmallestNegativeFixInt:
                WriteByte(unchecked((byte)value));
                break;
            case >= sbyte.MinValue:
                WriteInt8((sbyte)value);
                break;
            case >= short.MinValue:
                WriteInt16((short)value);
                break;
            case >= int.MinValue:
                WriteInt32((int)value);
                break;
            default:
                WriteInt64(value);
                break;
        }
    }
}
