using System.Buffers;
using MessagePack;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>A member that was taken off the ring for good, as it was up to a boot epoch.</summary>
/// <param name="Node">Which.</param>
/// <param name="Epoch">Its boot counter then: what it does in a later life, with nothing of this one, is another matter.</param>
/// <param name="By">The node that wrote it.</param>
/// <param name="AtUnixMs">When, by that node's clock.</param>
public sealed record Removal(NodeId Node, ulong Epoch, NodeId By, long AtUnixMs);

/// <summary>
/// The cells of the system bucket: their keys and the bytes of their values. They belong to no workflow; all of them stand under
/// one id, which no other bucket's cells are looked up by.
/// </summary>
internal static class SystemCells
{
    /// <summary>Stands where cells of workflows name theirs.</summary>
    public static readonly WorkflowId Id;

    /// <summary>Where the removal of a node at an epoch stands: two removals never contend for a cell.</summary>
    public static CellKey KeyOfRemoval(NodeId node, ulong epoch) => new(Id, CellKind.MemberRemoved, new Subkey(node.Value, epoch));

    /// <summary>Bytes of a removal: <c>[by, at]</c>; the rest is the key.</summary>
    public static byte[] Encode(Removal removal)
    {
        var buffer = new ArrayBufferWriter<byte>(24);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(2);
        writer.Write(removal.By.Value);
        writer.Write(removal.AtUnixMs);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The removal of a cell that was checked.</summary>
    public static Removal Removal(Cell cell)
    {
        var reader = new MessagePackReader(cell.Payload);
        return ReadRemoval(cell.Key, ref reader);
    }

    /// <summary>Reads a removal; throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
    public static Removal ReadRemoval(in CellKey key, ref MessagePackReader reader)
    {
        if (key.Subkey is not { A: > 0, B: > 0, C: 0 } || reader.ReadArrayHeader() != 2) throw new MessagePackSerializationException("No removal.");
        return new Removal(new NodeId(key.Subkey.A), key.Subkey.B, new NodeId(reader.ReadUInt64()), reader.ReadInt64());
    }
}
