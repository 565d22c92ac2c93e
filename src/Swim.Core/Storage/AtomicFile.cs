namespace Swim.Core.Storage;

/// <summary>
/// Small files that are replaced whole: after a crash a reader sees the old bytes or the new ones, never a mixture. For the node's
/// identity, its boot epoch, the peers it knew.
/// </summary>
public static class AtomicFile
{
    /// <summary>The largest file that is read, in bytes: 1 MiB.</summary>
    public const int BytesMax = 1 << 20;

    private const string TemporarySuffix = ".tmp";

    /// <summary>Makes <paramref name="bytes"/>, at most <see cref="BytesMax"/>, the durable content of <paramref name="name"/>.</summary>
    public static void Write(IDisk disk, string name, ReadOnlySpan<byte> bytes)
    {
        Primitives.Invariant.Holds(bytes.Length <= BytesMax, "an atomic file is small");
        var temporary = name + TemporarySuffix;
        // Left by a crash; the name is taken otherwise.
        if (disk.List().Contains(temporary)) disk.Delete(temporary);
        using (var file = disk.Create(temporary, bytes.Length))
        {
            file.Write(0, bytes);
            file.SyncData();
        }
        disk.Rename(temporary, name);
        disk.SyncDirectory();
    }

    /// <summary>The content of <paramref name="name"/>, or null when there is no such file. Throws <see cref="DiskException"/> when it is too large.</summary>
    public static byte[]? TryRead(IDisk disk, string name)
    {
        if (!disk.List().Contains(name)) return null;
        using var file = disk.Open(name);
        if (file.Length > BytesMax) throw new DiskException($"{name} is larger than {BytesMax} bytes.");
        var bytes = new byte[file.Length];
        var read = file.Read(0, bytes);
        return bytes[..read];
    }
}
