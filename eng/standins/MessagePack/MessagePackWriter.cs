using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MessagePack;

/// <summary>
/// Writes msgpack tokens to an <see cref="IBufferWriter{T}"/>, each whole number in its shortest form.
/// Nothing is handed to the output before its buffer is full or <see cref="Flush"/> is called.
/// Source: the msgpack specification.
/// </summary>
public ref partial struct MessagePackWriter
{
    private readonly IBufferWriter<byte> _output;
    private Span<byte> _buffer;
    private int _used;

    /// <summary>A writer at the end of <paramref name="writer"/>.</summary>
    public MessagePackWriter(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _output = writer;
    }

    /// <summary>Free for the caller's use; the writer never looks at it.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Writes the older format, without bin, str 8 and extensions. Default false.</summary>
    public bool OldSpec { get; set; }

    /// <summary>A writer with these settings over another output.</summary>
    public readonly MessagePackWriter Clone(IBufferWriter<byte> writer) => new(writer)
    {
        OldSpec = OldSpec,
        CancellationToken = CancellationToken,
    };

    /// <summary>Hands all bytes written so far to the output.</summary>
    public void Flush()
    {
        if (_used > 0)
        {
            _output.Advance(_used);
        }

        _buffer = default;
        _used = 0;
    }

    /// <summary>At least <paramref name="length"/> writable bytes; follow with <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int length)
    {
        if (_buffer.Length - _used < length)
        {
            Refill(length);
        }

        return _buffer[_used..];
    }

    /// <summary>Counts <paramref name="length"/> bytes of the last span as written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int length)
    {
        if ((uint)length > (uint)(_buffer.Length - _used))
        {
            throw new ArgumentOutOfRangeException(nameof(length));
        }

        _used += length;
    }

    /// <summary>Writes bytes that are msgpack already.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> rawMessagePackBlock)
    {
        rawMessagePackBlock.CopyTo(GetSpan(rawMessagePackBlock.Length));
        _used += rawMessagePackBlock.Length;
    }

    /// <summary>Writes bytes that are msgpack already.</summary>
    public void WriteRaw(in ReadOnlySequence<byte> rawMessagePackBlock)
    {
        foreach (var segment in rawMessagePackBlock)
        {
            WriteRaw(segment.Span);
        }
    }

    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteByte(MessagePackCode.Nil);

    /// <summary>Writes true or false.</summary>
    public void Write(bool value) => WriteByte(value ? MessagePackCode.True : MessagePackCode.False);

    /// <summary>Writes a 32 bit floating point number.</summary>
    public void Write(float value)
    {
        var span = GetSpan(5);
        BinaryPrimitives.WriteSingleBigEndian(span[1..], value);
        span[0] = MessagePackCode.Float32;
        _used += 5;
    }

    /// <summary>Writes a 64 bit floating point number.</summary>
    public void Write(double value)
    {
        var span = GetSpan(9);
        BinaryPrimitives.WriteDoubleBigEndian(span[1..], value);
        span[0] = MessagePackCode.Float64;
        _used += 9;
    }

    /// <summary>Writes the header of an array; <paramref name="count"/> values must follow.</summary>
    public void WriteArrayHeader(int count) => WriteArrayHeader(checked((uint)count));

    /// <summary>Writes the header of an array; <paramref name="count"/> values must follow.</summary>
    public void WriteArrayHeader(uint count)
    {
        if (count <= 15)
        {
            WriteByte((byte)(MessagePackCode.MinFixArray | count));
        }
        else
        {
            WriteHeader16Or32(MessagePackCode.Array16, MessagePackCode.Array32, count);
        }
    }

    /// <summary>Writes the header of a map; <paramref name="count"/> keys, each with its value, must follow.</summary>
    public void WriteMapHeader(int count) => WriteMapHeader(checked((uint)count));

    /// <summary>Writes the header of a map; <paramref name="count"/> keys, each with its value, must follow.</summary>
    public void WriteMapHeader(uint count)
    {
        if (count <= 15)
        {
            WriteByte((byte)(MessagePackCode.MinFixMap | count));
        }
        else
        {
            WriteHeader16Or32(MessagePackCode.Map16, MessagePackCode.Map32, count);
        }
    }

    private void WriteHeader16Or32(byte code16, byte code32, uint count)
    {
        if (count <= ushort.MaxValue)
        {
            WriteCoded16(code16, (ushort)count);
        }
        else
        {
            WriteCoded32(code32, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteByte(byte value)
    {
        if (_used >= _buffer.Length)
        {
            Refill(1);
        }

        _buffer[_used++] = value;
    }

    private void WriteCoded8(byte code, byte value)
    {
        var span = GetSpan(2);
        span[1] = value;
        span[0] = code;
        _used += 2;
    }

    private void WriteCoded16(byte code, ushort value)
    {
        var span = GetSpan(3);
        BinaryPrimitives.WriteUInt16BigEndian(span[1..], value);
        span[0] = code;
        _used += 3;
    }

    private void WriteCoded32(byte code, uint value)
    {
        var span = GetSpan(5);
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], value);
        span[0] = code;
        _used += 5;
    }

    private void WriteCoded64(byte code, ulong value)
    {
        var span = GetSpan(9);
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
        span[0] = code;
        _used += 9;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refill(int length)
    {
        Flush();
        _buffer = _output.GetSpan(length);
        if (_buffer.Length < length)
        {
            throw new InvalidOperationException("The output gave a smaller buffer than it was asked for.");
        }
    }
}
