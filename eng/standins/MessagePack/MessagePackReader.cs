using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MessagePack;

/// <summary>
/// Reads msgpack tokens from memory. Nothing is allocated but what a method returns; a sequence in several segments is joined once, at the start.
/// A token of another kind than asked for throws <see cref="MessagePackSerializationException"/>, an input that ends too early
/// <see cref="EndOfStreamException"/>, and a number outside the asked type's range <see cref="OverflowException"/>; after any of these the position is where it was
/// or within the token. Source: the msgpack specification.
/// </summary>
public ref partial struct MessagePackReader
{
    private readonly ReadOnlySequence<byte> _origin;
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _input;
    private int _at;

    /// <summary>A reader at the start of <paramref name="memory"/>.</summary>
    public MessagePackReader(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        _input = memory.Span;
    }

    /// <summary>A reader at the start of <paramref name="readOnlySequence"/>.</summary>
    public MessagePackReader(scoped in ReadOnlySequence<byte> readOnlySequence)
        : this(readOnlySequence.IsSingleSegment ? readOnlySequence.First : readOnlySequence.ToArray())
    {
        _origin = readOnlySequence;
    }

    /// <summary>Free for the caller's use; the reader never looks at it.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>How deep the caller is in nested values; kept by the caller.</summary>
    public int Depth { get; set; }

    /// <summary>The whole input.</summary>
    public readonly ReadOnlySequence<byte> Sequence => _origin.IsEmpty ? new ReadOnlySequence<byte>(_memory) : _origin;

    /// <summary>Where in <see cref="Sequence"/> the next token starts.</summary>
    public readonly SequencePosition Position => Sequence.GetPosition(_at);

    /// <summary>Bytes read so far.</summary>
    public readonly long Consumed => _at;

    /// <summary>True when nothing is left.</summary>
    public readonly bool End => _at >= _input.Length;

    /// <summary>True when the next token is nil.</summary>
    public readonly bool IsNil => NextCode == MessagePackCode.Nil;

    /// <summary>The kind of the next token.</summary>
    public readonly MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    /// <summary>The next byte, not consumed.</summary>
    public readonly byte NextCode
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)_at >= (uint)_input.Length)
            {
                ThrowTooShort();
            }

            return _input[_at];
        }
    }

    private readonly int Remaining => _input.Length - _at;

    /// <summary>A reader with these settings over another input.</summary>
    public readonly MessagePackReader Clone(scoped in ReadOnlySequence<byte> readOnlySequence) => new(readOnlySequence)
    {
        CancellationToken = CancellationToken,
        Depth = Depth,
    };

    /// <summary>A copy that reads on without moving this one.</summary>
    public readonly MessagePackReader CreatePeekReader() => this;

    /// <summary>Reads nil.</summary>
    public Nil ReadNil()
    {
        Expect(MessagePackCode.Nil);
        return Nil.Default;
    }

    /// <summary>Reads nil if it is next; otherwise nothing is consumed.</summary>
    public bool TryReadNil()
    {
        if (NextCode != MessagePackCode.Nil)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Reads true or false.</summary>
    public bool ReadBoolean()
    {
        var code = NextCode;
        if (code is not (MessagePackCode.True or MessagePackCode.False))
        {
            ThrowUnexpected(code);
        }

        _at++;
        return code == MessagePackCode.True;
    }

    /// <summary>Reads a number as 32 bit floating point, losing precision where it has more.</summary>
    public float ReadSingle() => NextCode == MessagePackCode.Float32
        ? BinaryPrimitives.ReadSingleBigEndian(TakeCoded(4))
        : (float)ReadDouble();

    /// <summary>Reads a number as 64 bit floating point, losing precision where it has more.</summary>
    public double ReadDouble()
    {
        switch (NextCode)
        {
            case MessagePackCode.Float64:
                return BinaryPrimitives.ReadDoubleBigEndian(TakeCoded(8));
            case MessagePackCode.Float32:
                return BinaryPrimitives.ReadSingleBigEndian(TakeCoded(4));
            default:
                var bits = ReadInteger(out var isNegative);
                return isNegative ? (long)bits : bits;
        }
    }

    /// <summary>Reads <paramref name="length"/> bytes as they are.</summary>
    public ReadOnlySequence<byte> ReadRaw(long length)
    {
        if ((ulong)length > (ulong)Remaining)
        {
            ThrowTooShort();
        }

        return TakeSequence((int)length);
    }

    /// <summary>Reads the whole next value, nested ones with it, as the bytes it is written with.</summary>
    public ReadOnlySequence<byte> ReadRaw()
    {
        var start = _at;
        Skip();
        var length = _at - start;
        _at = start;
        return TakeSequence(length);
    }

    // The input starts with `code`, checked by the caller; returns the `length` bytes after it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> TakeCoded(int length)
    {
        if (Remaining <= length)
        {
            ThrowTooShort();
        }

        var span = _input.Slice(_at + 1, length);
        _at += length + 1;
        return span;
    }

    private ReadOnlySpan<byte> TakeSpan(int length)
    {
        var span = _input.Slice(_at, length);
        _at += length;
        return span;
    }

    private ReadOnlySequence<byte> TakeSequence(int length)
    {
        var sequence = new ReadOnlySequence<byte>(_memory.Slice(_at, length));
        _at += length;
        return sequence;
    }

    private void Expect(byte code)
    {
        if (NextCode != code)
        {
            ThrowUnexpected(NextCode);
        }

        _at++;
    }

    private static void ThrowTooShort() => throw new EndOfStreamException();

    private static void ThrowUnexpected(byte code) =>
        throw new MessagePackSerializationException($"Unexpected msgpack code {code} ({MessagePackCode.ToFormatName(code)}) encountered.");
}
