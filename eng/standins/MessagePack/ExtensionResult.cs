using System.Buffers;

namespace MessagePack;

/// <summary>An extension value: its type and its bytes.</summary>
public struct ExtensionResult
{
    /// <summary>A value over one run of bytes, not copied.</summary>
    public ExtensionResult(sbyte typeCode, Memory<byte> data)
        : this(typeCode, new ReadOnlySequence<byte>(data))
    {
    }

    /// <summary>A value over a sequence of bytes, not copied.</summary>
    public ExtensionResult(sbyte typeCode, ReadOnlySequence<byte> data)
    {
        TypeCode = typeCode;
        Data = data;
    }

    /// <summary>The extension's type.</summary>
    public sbyte TypeCode { get; private set; }

    /// <summary>The bytes; from a reader they are a view of its input.</summary>
    public ReadOnlySequence<byte> Data { get; private set; }

    /// <summary>The header these bytes are written with.</summary>
    public ExtensionHeader Header => new(TypeCode, checked((uint)Data.Length));
}
