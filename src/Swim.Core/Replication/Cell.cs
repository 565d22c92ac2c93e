using System.Runtime.InteropServices;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// The smallest replicated value: a join-semilattice element under a <see cref="CellKey"/>, with the stamp and writer that order
/// it and the dot of its last write. Immutable. Two cells under one key merge to the greater of <see cref="CompareTo"/>.
/// </summary>
public sealed class Cell
{
    private const ulong WideSeed = 0x9E3779B97F4A7C15;
    private readonly byte[] _payload;
    private TaskStatus? _status;
    private ulong _valueHash;

    /// <summary>
    /// A cell of bytes that were checked: of this node's own making, or by <see cref="TryCheck"/>. A payload that is a part of something
    /// larger is copied, so that a cell keeps no more alive than itself.
    /// </summary>
    public Cell(CellKey key, HlcTimestamp stamp, NodeId node, Dot dot, ReadOnlyMemory<byte> payload)
    {
        Key = key;
        Stamp = stamp;
        Node = node;
        Dot = dot;
        _payload = MemoryMarshal.TryGetArray(payload, out var array) && array.Array!.Length == payload.Length ? array.Array : payload.ToArray();
    }

    /// <summary>Largest payload: 64 KiB, the cap of a cell.</summary>
    public const int PayloadBytesMax = 64 * 1024;

    /// <summary>Which cell.</summary>
    public CellKey Key { get; }

    /// <summary>When it was written.</summary>
    public HlcTimestamp Stamp { get; }

    /// <summary>Who wrote it.</summary>
    public NodeId Node { get; }

    /// <summary>The write itself.</summary>
    public Dot Dot { get; }

    /// <summary>Canonical bytes of the value.</summary>
    public ReadOnlyMemory<byte> Payload => _payload;

    /// <summary>A hash of everything but the key; with the key's hash it makes up the digest. Computed once.</summary>
    public ulong ValueHash => _valueHash != 0 ? _valueHash : _valueHash = HashValue();

    /// <summary>64 bits of key and value: what repair knows a cell by.</summary>
    public ulong Digest => StableHash.Of(Key.Hash, ValueHash);

    /// <summary>128 bits of key and value: the cell's share of a bucket's digest.</summary>
    public UInt128 WideDigest
    {
        get
        {
            var key = Key.Hash;
            return new UInt128(StableHash.Of(key, ValueHash), StableHash.Of(key, ValueHash, WideSeed));
        }
    }

    /// <summary>The status of a cell of kind <see cref="CellKind.Status"/>; decoded once. The payload was checked before.</summary>
    public TaskStatus Status
    {
        get
        {
            if (_status is not null) return _status;
            var reader = new MessagePackReader(Payload);
            return _status = TaskStatusCodec.Read(ref reader, Stamp, Node);
        }
    }

    /// <summary>The total order of values under one key; the greater one wins a merge.</summary>
    public int CompareTo(Cell other)
    {
        var order = Key.Merge == CellMerge.Status ? CompareStatus(other) : CompareRegister(other);
        if (order == 0) order = Dot.CompareTo(other.Dot);
        return order != 0 ? order : _payload.AsSpan().SequenceCompareTo(other._payload);
    }

    /// <summary>True when key and value are the same to the byte.</summary>
    public bool SameAs(Cell other) => Key == other.Key && Stamp == other.Stamp && CompareTo(other) == 0;

    /// <summary>True when the payload is one this version can hold: well-formed for kinds it knows, small enough for all.</summary>
    public bool TryCheck()
    {
        if (_payload.Length > PayloadBytesMax || Dot.Actor == 0 || Dot.Seq == 0) return false;
        try
        {
            return CellPayloads.IsWellFormed(this);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            return false;
        }
    }

    private int CompareRegister(Cell other)
    {
        var order = Stamp.CompareTo(other.Stamp);
        if (order == 0) return Node.CompareTo(other.Node);
        // A submission made twice counts from the first.
        return Key.Kind == CellKind.Definition ? -order : order;
    }

    // Kinds of the status family that this version does not know order as registers: every node of one version agrees.
    private int CompareStatus(Cell other) =>
        Key.Kind == CellKind.Status ? Status.CompareTo(other.Status) : CompareRegister(other);

    private ulong HashValue()
    {
        var order = StableHash.Of(Stamp.Value, Node.Value);
        var write = StableHash.Of(Dot.Actor, Dot.Seq, order);
        var hash = StableHash.Of(_payload, write);
        return hash == 0 ? 1 : hash;
    }
}
