namespace Swim.Core.Storage;

/// <summary>
/// Copies of damaged files, under names that the log does not use: there may be no other copy in the world of what a human can still make out in
/// them. They stay until somebody deletes them.
/// </summary>
internal static class KeptAside
{
    private const string Prefix = "damaged-", TemporaryName = "damaged.tmp";
    private const int ChunkBytes = 1 << 20;

    /// <summary>What the copy of a file is called.</summary>
    public static string NameOf(string name) => Prefix + name;

    /// <summary>Keeps a copy of a file as it is now, unless there is one. Without space for it there is none: then nothing is done and the answer is false.</summary>
    public static bool Copy(IDisk disk, string name)
    {
        DeleteUnfinished(disk);
        if (disk.List().Contains(NameOf(name))) return true;
        try
        {
            CopyTo(disk, name, TemporaryName);
        }
        catch (DiskFullException)
        {
            DeleteUnfinished(disk);
            return false;
        }

        disk.Rename(TemporaryName, NameOf(name));
        disk.SyncDirectory();
        return true;
    }

    /// <summary>Keeps the file itself under its other name.</summary>
    public static void Move(IDisk disk, string name) => disk.Rename(name, NameOf(name));

    private static void CopyTo(IDisk disk, string name, string copy)
    {
        using var from = disk.Open(name);
        using var to = disk.Create(copy, 0);
        var chunk = new byte[(int)Math.Min(ChunkBytes, Math.Max(1, from.Length))];
        for (long at = 0; from.Read(at, chunk) is > 0 and var read; at += read) to.Write(at, chunk.AsSpan(0, read));
        to.SyncData();
    }

    private static void DeleteUnfinished(IDisk disk)
    {
        if (disk.List().Contains(TemporaryName)) disk.Delete(TemporaryName);
    }
}
