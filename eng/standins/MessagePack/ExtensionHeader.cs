namespace MessagePack;

/// <summary>What precedes the bytes of an extension value.</summary>
public struct ExtensionHeader : IEquatable<ExtensionHeader>
{
    /// <summary>A header for <paramref name="length"/> bytes of type <paramref name="typeCode"/>.</summary>
    public ExtensionHeader(sbyte typeCode, uint length)
    {
        TypeCode = typeCode;
        Length = length;
    }

    /// <summary>The same with a signed length. Throws <see cref="OverflowException"/> when it is negative.</summary>
    public ExtensionHeader(sbyte typeCode, int length)
        : this(typeCode, checked((uint)length))
    {
    }

    /// <summary>The extension's type: 0 and up belong to applications, below 0 to the specification.</summary>
    public sbyte TypeCode { get; private set; }

    /// <summary>Bytes that follow the header.</summary>
    public uint Length { get; private set; }

    /// <inheritdoc/>
    public bool Equals(ExtensionHeader other) => TypeCode == other.TypeCode && Length == other.Length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ExtensionHeader other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TypeCode, Length);
}
