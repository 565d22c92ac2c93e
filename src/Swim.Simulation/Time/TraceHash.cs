using System.Buffers.Binary;
using System.Globalization;
using Swim.Core.Primitives;

namespace Swim.Simulation.Time;

/// <summary>A hash over every event in order: two runs that hash alike did the same things at the same times.</summary>
public sealed class TraceHash
{
    private ulong _hash;

    /// <summary>How many events went in.</summary>
    public long Count { get; private set; }

    /// <summary>The hash so far.</summary>
    public ulong Value => _hash;

    /// <summary>Takes in one event.</summary>
    public void Add(long ticks, int node, EventKind kind, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[20];
        BinaryPrimitives.WriteInt64BigEndian(head, ticks);
        BinaryPrimitives.WriteInt32BigEndian(head[8..], node);
        BinaryPrimitives.WriteInt32BigEndian(head[12..], (int)kind);
        BinaryPrimitives.WriteInt32BigEndian(head[16..], bytes.Length);
        _hash = StableHash.Of(bytes, StableHash.Of(head, _hash));
        Count++;
    }

    /// <inheritdoc/>
    public override string ToString() => _hash.ToString("x16", CultureInfo.InvariantCulture);
}
