using System.Buffers;
using MessagePack;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Bytes of any size as a cell tells of them. Few stand in the cell itself; of more the cell has the length and a 128-bit hash, which
/// name the chunks (<see cref="CellKind.Chunk"/>) that hold them, in the same workflow. Equal bytes have equal chunks, whoever wrote them.
/// </summary>
public sealed class Blob
{
    /// <summary>Up to so many bytes stand in the cell itself.</summary>
    public const int InlineBytesMax = 4 * 1024;

    /// <summary>Bytes of a chunk; the last one of a blob may have fewer.</summary>
    public const int ChunkBytes = 60 * 1024;

    /// <summary>Largest blob: what a log record and a message between nodes hold.</summary>
    public const int BytesMax = Workflows.WorkflowLimits.DefinitionBytesMax;

    private readonly ReadOnlyMemory<byte> _inline;
    private readonly UInt128 _hash;

    private Blob(ReadOnlyMemory<byte> inline, int length, UInt128 hash) => (_inline, Length, _hash) = (inline, length, hash);

    /// <summary>How many bytes there are.</summary>
    public int Length { get; }

    /// <summary>How many chunks hold them; 0 where they stand in the cell.</summary>
    public int ChunkCount => Length <= InlineBytesMax ? 0 : (Length + ChunkBytes - 1) / ChunkBytes;

    /// <summary>64 bits of the content: equal bytes have equal ones.</summary>
    public ulong Fingerprint => ChunkCount == 0 ? StableHash.Of(_inline.Span) : (ulong)_hash;

    /// <summary>What a cell says of <paramref name="bytes"/>.</summary>
    public static Blob Of(ReadOnlyMemory<byte> bytes)
    {
        Invariant.Holds(bytes.Length <= BytesMax, "a blob is no longer than the cap");
        return bytes.Length <= InlineBytesMax ? new Blob(bytes, bytes.Length, 0) : new Blob(default, bytes.Length, StableHash.Of128(bytes.Span));
    }

    /// <summary>The subkey of a chunk.</summary>
    public Subkey KeyOf(int chunk) => new((ulong)(_hash >> 64), (ulong)_hash, (ulong)chunk);

    /// <summary>The bytes of a chunk of <paramref name="bytes"/>, of which this blob is.</summary>
    public static ReadOnlyMemory<byte> ChunkOf(ReadOnlyMemory<byte> bytes, int chunk) => bytes.Slice(chunk * ChunkBytes, Math.Min(ChunkBytes, bytes.Length - (chunk * ChunkBytes)));

    /// <summary>
    /// All the bytes; null while a chunk is missing. <paramref name="find"/> gives a chunk's bytes. Chunks that do not make up what the
    /// hash names count as missing: nothing wrong is ever given.
    /// </summary>
    public ReadOnlyMemory<byte>? Assemble(Func<Subkey, ReadOnlyMemory<byte>?> find)
    {
        if (ChunkCount == 0) return _inline;
        var bytes = new byte[Length];
        for (var chunk = 0; chunk < ChunkCount; chunk++)
        {
            var place = bytes.AsSpan(chunk * ChunkBytes, Math.Min(ChunkBytes, Length - (chunk * ChunkBytes)));
            if (find(KeyOf(chunk)) is not { } part || part.Length != place.Length) return null;
            part.Span.CopyTo(place);
        }

        if (StableHash.Of128(bytes) != _hash) return null;
        return bytes;
    }

    /// <summary>True when every chunk is there.</summary>
    public bool IsWhole(Func<Subkey, bool> has)
    {
        for (var chunk = 0; chunk < ChunkCount; chunk++)
        {
            if (!has(KeyOf(chunk))) return false;
        }

        return true;
    }

    /// <summary>Writes the canonical form: the bytes, or <c>[length, hash, hash]</c>.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        if (ChunkCount == 0)
        {
            writer.Write(_inline.Span);
            return;
        }

        writer.WriteArrayHeader(3);
        writer.Write(Length);
        writer.Write((ulong)(_hash >> 64));
        writer.Write((ulong)_hash);
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
    public static Blob Read(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType != MessagePackType.Array)
        {
            var bytes = reader.ReadBytes();
            Expect(bytes is { Length: <= InlineBytesMax });
            return new Blob(bytes!.Value.ToArray(), (int)bytes.Value.Length, 0);
        }

        Expect(reader.ReadArrayHeader() == 3);
        var length = reader.ReadInt32();
        Expect(length is > InlineBytesMax and <= BytesMax);
        return new Blob(default, length, new UInt128(reader.ReadUInt64(), reader.ReadUInt64()));
    }

    internal static bool IsChunk(Cell cell) => cell.Payload.Length is > 0 and <= ChunkBytes && cell.Key.Subkey.C <= BytesMax / ChunkBytes;

    private static void Expect(bool condition)
    {
        if (!condition) throw new MessagePackSerializationException("Not a blob.");
    }
}
