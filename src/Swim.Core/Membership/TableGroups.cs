using System.Buffers.Binary;
using System.Numerics;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The members in groups, each with the sum of its records' hashes: two large tables that differ in a few records find out which groups these are in, and
/// exchange no others. The number of groups is a power of two; who is in which follows from the id alone.
/// </summary>
internal static class TableGroups
{
    /// <summary>The most groups.</summary>
    public const int CountMax = 512;

    /// <summary>The bytes of a group's sum.</summary>
    public const int SumBytes = 8;

    // Below it all records take little more than the sums.
    private const int MembersMin = 64;
    private const int MembersEach = 8;
    private const int CountMin = 8;

    /// <summary>The sums of a table's groups, little endian; nothing of a small table: then all records are exchanged.</summary>
    public static byte[] SumsOf(MemberTable table) =>
        table.Count < MembersMin ? [] : SumsOf(table, Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(table.Count / MembersEach)), CountMin, CountMax));

    /// <summary>The groups of which <paramref name="theirs"/>, sums of another table, say something else than this table: one bit each.</summary>
    public static byte[] Differing(MemberTable table, ReadOnlySpan<byte> theirs)
    {
        var ours = SumsOf(table, theirs.Length / SumBytes);
        var differing = new byte[ours.Length / SumBytes / 8];
        for (var group = 0; group < ours.Length / SumBytes; group++)
        {
            var at = group * SumBytes;
            if (!theirs.Slice(at, SumBytes).SequenceEqual(ours.AsSpan(at, SumBytes))) differing[group / 8] |= (byte)(1 << (group % 8));
        }

        return differing;
    }

    /// <summary>True when the group of <paramref name="id"/> is among these, or all are meant.</summary>
    public static bool Has(ReadOnlySpan<byte> groups, NodeId id)
    {
        if (groups.IsEmpty) return true;
        var group = GroupOf(id, groups.Length * 8);
        return (groups[group / 8] & (1 << (group % 8))) != 0;
    }

    /// <summary>True for a length that sums of groups can have.</summary>
    public static bool AreSums(long bytes) => bytes == 0 || (bytes % SumBytes == 0 && bytes / SumBytes is >= CountMin and <= CountMax and var count && BitOperations.IsPow2(count));

    /// <summary>True for a length that a choice of groups can have.</summary>
    public static bool AreBits(long bytes) => AreSums(8 * bytes * SumBytes);

    private static byte[] SumsOf(MemberTable table, int count)
    {
        var sums = new ulong[count];
        foreach (var record in table.Snapshot().Members.Values) sums[GroupOf(record.Id, count)] += record.Hash;
        var bytes = new byte[count * SumBytes];
        for (var group = 0; group < count; group++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(group * SumBytes), sums[group]);
        return bytes;
    }

    private static int GroupOf(NodeId id, int count) => (int)(StableHash.Of(id.Value, 0) & (ulong)(count - 1));
}
