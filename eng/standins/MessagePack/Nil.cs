namespace MessagePack;

/// <summary>The value of msgpack's nil, where a return type is needed.</summary>
public readonly struct Nil : IEquatable<Nil>
{
    /// <summary>The only value.</summary>
    public static readonly Nil Default;

    /// <inheritdoc/>
    public bool Equals(Nil other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Nil;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override string ToString() => "()";
}
