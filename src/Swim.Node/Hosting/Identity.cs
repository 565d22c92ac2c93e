using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Storage;

namespace Swim.Node.Hosting;

/// <summary>What the data directory says of a node: its id, how often it started, whom it knew.</summary>
internal sealed record Identity(NodeId Id, ulong Epoch, bool WasMember, IReadOnlyList<MemberRecord> Known)
{
    private const string IdentityFile = "identity";
    private const string KnownFile = "members";

    /// <summary>The files of a data directory that are not the log's.</summary>
    public static IReadOnlyCollection<string> Files { get; } = [IdentityFile, KnownFile, "lock"];

    /// <summary>Reads it, or makes it in an empty directory; the new epoch is durable before anything uses it.</summary>
    public static Identity Open(IDisk disk)
    {
        var saved = AtomicFile.TryRead(disk, IdentityFile);
        if (saved is not null && saved.Length != 16) throw new DiskException($"{IdentityFile} has {saved.Length} bytes, not 16: restore it, or start with an empty directory.");
        var id = saved is null ? NewId() : new NodeId(BinaryPrimitives.ReadUInt64BigEndian(saved));
        var epoch = saved is null ? 1 : BinaryPrimitives.ReadUInt64BigEndian(saved.AsSpan(8)) + 1;
        SaveEpoch(disk, id, epoch);
        IReadOnlyList<MemberRecord> known = [];
        if (AtomicFile.TryRead(disk, KnownFile) is { } bytes) KnownMembers.TryDecode(bytes, out known);
        return new Identity(id, epoch, known.Any(member => member.Id != id), known);
    }

    /// <summary>Makes the epoch durable.</summary>
    public static void SaveEpoch(IDisk disk, NodeId id, ulong epoch)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id.Value);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), epoch);
        AtomicFile.Write(disk, IdentityFile, bytes);
    }

    /// <summary>Makes the member list durable.</summary>
    public static void SaveKnown(IDisk disk, MembersSnapshot members) => AtomicFile.Write(disk, KnownFile, KnownMembers.Encode(members));

    /// <summary>The cluster's id: from its name alone, so nobody has to make or pass one on.</summary>
    public static ulong ClusterIdOf(string cluster) => StableHash.Of(Encoding.UTF8.GetBytes(cluster));

    private static NodeId NewId()
    {
        Span<byte> bits = stackalloc byte[8];
        do RandomNumberGenerator.Fill(bits);
        while (BinaryPrimitives.ReadUInt64BigEndian(bits) == 0);
        return new NodeId(BinaryPrimitives.ReadUInt64BigEndian(bits));
    }
}
