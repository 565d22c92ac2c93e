using System.Buffers;
using MessagePack;

namespace Swim.Core.Membership;

/// <summary>The bytes of the saved list of members. The host keeps them in the data directory and gives the list back at the next start.</summary>
public static class KnownMembers
{
    private const int FormatVersion = 1;

    /// <summary>Bytes of all members, ascending by id: [1, [record…]].</summary>
    public static byte[] Encode(MembersSnapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(2);
        writer.Write(FormatVersion);
        writer.WriteArrayHeader(snapshot.Members.Count);
        foreach (var record in snapshot.Members.Values) writer.WriteRaw(record.Bytes);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false, with an empty list, when the bytes are anything else.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, out IReadOnlyList<MemberRecord> members)
    {
        members = [];
        try
        {
            var views = ReadViews(bytes);
            var read = new List<MemberRecord>(views.Count);
            foreach (var view in views)
            {
                if (!RecordCodec.TryDecodeMeta(view.Meta, out var meta)) return false;
                read.Add(new MemberRecord(view.Id, view.Standing.Epoch, view.Standing.Incarnation, view.Standing.State, meta));
            }

            members = read;
            return true;
        }
        catch (Exception thrown) when (Malformed.Covers(thrown))
        {
            return false;
        }
    }

    private static List<RecordView> ReadViews(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        Malformed.Unless(reader.ReadArrayHeader() == 2 && reader.ReadInt32() == FormatVersion, "the list is of a known version");
        var views = new List<RecordView>();
        SwimCodec.ReadRecords(ref reader, views, int.MaxValue);
        Malformed.Unless(reader.End, "nothing follows the list");
        return views;
    }
}
