using System.Buffers;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Ring;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Bytes of a forwarded command: <c>[type, namespace, place, content, fields…]</c>. Reading throws <see cref="MessagePackSerializationException"/>.</summary>
internal static class CommandCodec
{
    public static void Write(ref MessagePackWriter writer, Command command)
    {
        switch (command)
        {
            case SubmitCommand c:
                Head(ref writer, 1, 4, c.Namespace, c.Id);
                writer.Write(c.Key);
                writer.Write(c.Definition.Span);
                writer.Write(c.Input.Span);
                writer.Write((byte)c.Ack);
                break;
            case GetCommand c:
                Head(ref writer, 2, 3, c.Namespace, c.Id);
                writer.Write(c.Wait.Ticks);
                writer.Write(c.Known);
                writer.Write(c.Task);
                break;
            case CancelCommand c:
                Head(ref writer, 3, 0, c.Namespace, c.Id);
                break;
            case ExplainCommand c:
                Head(ref writer, 6, 1, c.Namespace, c.Id);
                writer.Write(c.Task);
                break;
            case ListCommand c:
                Head(ref writer, 4, 7, c.Namespace, c.After.Id);
                writer.Write(c.After.Created.Value);
                writer.Write(c.Limit);
                writer.Write(c.States);
                writer.Write(c.NamePrefix);
                writer.Write(c.IdPrefix);
                writer.Write(c.Buckets.Bytes);
                writer.Write(c.MergedSinceUnixMs);
                break;
            case RemoveMemberCommand c:
                Head(ref writer, 5, 2, "", SystemCells.Id);
                writer.Write(c.Node.Value);
                writer.Write(c.Force);
                break;
            default:
                Invariant.Holds(false, "every command has bytes");
                break;
        }
    }

    public static Command Read(ref MessagePackReader reader)
    {
        var length = reader.ReadArrayHeader();
        var type = reader.ReadByte();
        var @namespace = reader.ReadString() ?? "";
        var id = new WorkflowId(reader.ReadUInt64(), reader.ReadUInt64());
        return (type, length) switch
        {
            (1, 8) => new SubmitCommand(id, @namespace, reader.ReadString() ?? "", Bytes(ref reader), Bytes(ref reader), Ack(ref reader)),
            (2, 7) => new GetCommand(@namespace, id, Wait(ref reader), reader.ReadUInt64()) { Task = reader.ReadString() ?? "" },
            (3, 4) => new CancelCommand(@namespace, id),
            (6, 5) => new ExplainCommand(@namespace, id, reader.ReadString() ?? ""),
            (5, 6) => new RemoveMemberCommand(new NodeId(reader.ReadUInt64()), reader.ReadBoolean()),
            (4, 11) => List(ref reader, @namespace, id),
            _ => throw new MessagePackSerializationException("No command of this version."),
        };
    }

    private static void Head(ref MessagePackWriter writer, byte type, int more, string @namespace, WorkflowId id)
    {
        writer.WriteArrayHeader(4 + more);
        writer.Write(type);
        writer.Write(@namespace);
        writer.Write(id.Place);
        writer.Write(id.Content);
    }

    private static ListCommand List(ref MessagePackReader reader, string @namespace, WorkflowId after)
    {
        var place = new ListPlace(new HlcTimestamp(reader.ReadUInt64()), after);
        var limit = reader.ReadInt32();
        if (limit is < 1 or > ListCommand.LimitMax) throw new MessagePackSerializationException("A limit out of range.");
        return new ListCommand(@namespace, place, limit, reader.ReadUInt16(), reader.ReadString() ?? "", reader.ReadString() ?? "", Buckets(ref reader))
        {
            MergedSinceUnixMs = Since(ref reader, limit),
        };
    }

    private static long Since(ref MessagePackReader reader, int limit)
    {
        var since = reader.ReadInt64();
        return since < 0 || limit <= ListCommand.MergedLimitMax ? since : throw new MessagePackSerializationException("A limit out of range.");
    }

    internal static BucketSet Buckets(ref MessagePackReader reader) =>
        BucketSet.TryRead(Bytes(ref reader), out var set) ? set : throw new MessagePackSerializationException("No set of buckets.");

    private static byte[] Bytes(ref MessagePackReader reader) =>
        reader.ReadBytes()?.ToArray() ?? throw new MessagePackSerializationException("Bytes are missing.");

    private static AckLevel Ack(ref MessagePackReader reader)
    {
        var ack = (AckLevel)reader.ReadByte();
        return ack <= AckLevel.All ? ack : throw new MessagePackSerializationException("No ack level of this version.");
    }

    private static TimeSpan Wait(ref MessagePackReader reader)
    {
        var ticks = reader.ReadInt64();
        return ticks is >= 0 and <= TimeSpan.TicksPerHour ? new TimeSpan(ticks) : throw new MessagePackSerializationException("A wait out of range.");
    }
}
