using System.Runtime.InteropServices;
using MessagePack;
using Swim.Core.Primitives;

namespace Swim.Core.Crdt;

/// <summary>Writes one element in its only form: equal elements have equal bytes.</summary>
public delegate void ElementWriter<in T>(ref MessagePackWriter writer, T element);

/// <summary>Reads what the <see cref="ElementWriter{T}"/> wrote; throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
public delegate T ElementReader<out T>(ref MessagePackReader reader);

/// <summary>
/// What a replicated type must know of its elements: a total order that is the same on every machine, and canonical bytes.
/// Elements that compare as equal are one element, and have the same bytes and the same hash.
/// </summary>
/// <param name="Order">The order; never a culture's.</param>
/// <param name="Hash">Where it is looked up; seeded nowhere, and seen by nobody.</param>
/// <param name="Write">To bytes.</param>
/// <param name="Read">From bytes.</param>
public sealed record ElementFormat<T>(IComparer<T> Order, Func<T, ulong> Hash, ElementWriter<T> Write, ElementReader<T> Read);

/// <summary>The formats of plain elements.</summary>
public static class ElementFormat
{
    /// <summary>Numbers.</summary>
    public static readonly ElementFormat<ulong> Number = new(
        Comparer<ulong>.Default,
        static element => StableHash.Of(element, 0UL),
        (ref MessagePackWriter writer, ulong element) => writer.Write(element),
        (ref MessagePackReader reader) => reader.ReadUInt64());

    /// <summary>Text, in ordinal order. Null is not an element.</summary>
    public static readonly ElementFormat<string> Text = new(
        StringComparer.Ordinal,
        static element => StableHash.Of(MemoryMarshal.AsBytes(element.AsSpan())),
        (ref MessagePackWriter writer, string element) => writer.Write(element),
        (ref MessagePackReader reader) => reader.ReadString() ?? throw new MessagePackSerializationException("Nil is no text."));
}

/// <summary>Looks dots up by their number: those of one actor, which come one after another, stand side by side.</summary>
internal sealed class DotEquality : IEqualityComparer<Dot>
{
    public static readonly DotEquality Instance = new();

    public bool Equals(Dot left, Dot right) => left == right;

    public int GetHashCode(Dot dot) => (int)(dot.Seq + (dot.Actor * 0x9E3779B97F4A7C15 >> 32));
}
