using System.Diagnostics.CodeAnalysis;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Primitives;

namespace Swim.Core.Crdt;

/// <summary>
/// A last-writer-wins register: merge takes the greater in one total order, stamp, then node, then dot, then value, so that any two
/// replicas choose alike even when clocks tie. Immutable; a written register is its own delta. LWW-Register (Shapiro et al. 2011
/// section 3.2.1), with hybrid logical stamps. For a value whose order of states matters use <see cref="TaskStatus"/>.
/// </summary>
public sealed class LwwRegister<T>
{
    private const int Fields = 5;
    private readonly ElementFormat<T> _format;

    /// <summary>The bottom: never written, less than every write.</summary>
    public LwwRegister(ElementFormat<T> format) => _format = format;

    private LwwRegister(ElementFormat<T> format, T value, HlcTimestamp stamp, NodeId node, Dot dot)
    {
        _format = format;
        (Value, Stamp, Node, Dot, IsWritten) = (value, stamp, node, dot, true);
    }

    /// <summary>False for the bottom.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsWritten { get; }

    /// <summary>The last value written; default for the bottom.</summary>
    public T? Value { get; }

    /// <summary>When it was written.</summary>
    public HlcTimestamp Stamp { get; }

    /// <summary>Who wrote it.</summary>
    public NodeId Node { get; }

    /// <summary>The write itself.</summary>
    public Dot Dot { get; }

    /// <summary>
    /// The delta of a write: a register of that write alone, for any replica to merge. It wins here only with a stamp above this one's,
    /// which a clock that witnessed this register gives.
    /// </summary>
    public LwwRegister<T> Write(T value, HlcTimestamp stamp, NodeId node, Dot dot) => new(_format, value, stamp, node, dot);

    /// <summary>The later of the two writes.</summary>
    public LwwRegister<T> Merge(LwwRegister<T> other) => Compare(other) >= 0 ? this : other;

    /// <summary>True when both hold the same write of the same value.</summary>
    public bool SameAs(LwwRegister<T> other) => Compare(other) == 0;

    /// <summary>Writes the canonical form: [] for the bottom, else [stamp, node, actor, seq, value].</summary>
    public void WriteTo(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(IsWritten ? Fields : 0);
        if (!IsWritten) return;
        writer.Write(Stamp.Value);
        writer.Write(Node.Value);
        writer.Write(Dot.Actor);
        writer.Write(Dot.Seq);
        _format.Write(ref writer, Value);
    }

    internal static LwwRegister<T> Read(ref MessagePackReader reader, ElementFormat<T> format)
    {
        var fields = reader.ReadArrayHeader();
        if (fields == 0) return new LwwRegister<T>(format);
        if (fields != Fields) throw new MessagePackSerializationException("A register has no field or five.");
        var stamp = new HlcTimestamp(reader.ReadUInt64());
        var node = new NodeId(reader.ReadUInt64());
        var dot = new Dot(reader.ReadUInt64(), reader.ReadUInt64());
        return new LwwRegister<T>(format, format.Read(ref reader), stamp, node, dot);
    }

    private int Compare(LwwRegister<T> other)
    {
        if (!IsWritten || !other.IsWritten) return IsWritten.CompareTo(other.IsWritten);
        var order = Stamp.CompareTo(other.Stamp);
        if (order == 0) order = Node.CompareTo(other.Node);
        if (order == 0) order = Dot.CompareTo(other.Dot);
        return order != 0 ? order : _format.Order.Compare(Value, other.Value);
    }
}

/// <summary>Decoding of <see cref="LwwRegister{T}"/>.</summary>
public static class LwwRegister
{
    /// <summary>Reads what <see cref="LwwRegister{T}.WriteTo"/> wrote. Throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
    public static LwwRegister<T> Read<T>(ref MessagePackReader reader, ElementFormat<T> format) => LwwRegister<T>.Read(ref reader, format);
}
