using System.Buffers.Binary;
using System.Globalization;
using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>
/// What a node does with its log when it learns that it was removed: nothing of it may take part any more, and nothing of it may be
/// lost. It is marked at once, and at the next start, before anything is read, its files get other names; so a crash at any moment
/// leaves the old log whole under one name or the other. The files stay until all they hold is known to be held by others.
/// </summary>
public static class SetAside
{
    private const string Mark = "removed";
    private const string Since = "state-since";
    private const string Prefix = "aside-";

    /// <summary>The node was removed as it was up to <paramref name="epoch"/>: at the next start its log is put aside.</summary>
    public static void MarkRemoved(IDisk disk, ulong epoch) => Write(disk, Mark, epoch);

    /// <summary>
    /// At a start with boot counter <paramref name="epoch"/>, before the log is opened: puts the files aside if they are marked. Gives the
    /// epoch in which the present state began; 0 where that was the first one. <paramref name="keep"/> names the files that are not the log's.
    /// </summary>
    public static ulong Prepare(IDisk disk, ulong epoch, IReadOnlyCollection<string> keep)
    {
        var names = disk.List();
        var since = Read(disk, Since);
        if (!names.Contains(Mark)) return since;
        var removed = Read(disk, Mark);
        // Before the first file moves: after a crash on the way it goes on under the same name.
        if (since <= removed) Write(disk, Since, since = Math.Max(epoch, removed + 1));
        var prefix = PrefixOf(since);
        foreach (var name in names.Where(name => !IsOwn(name) && !name.StartsWith(Prefix, StringComparison.Ordinal) && !keep.Contains(name)))
        {
            if (!Planted.Is(Mutant.RemovedKeepsState)) disk.Rename(name, prefix + name);
        }

        disk.SyncDirectory();
        disk.Delete(Mark);
        disk.SyncDirectory();
        return since;
    }

    /// <summary>Gives all that lies aside to <paramref name="receiver"/>, the oldest log first; returns how many logs cannot be read. They stay where they are.</summary>
    public static int Read(IDisk disk, CellLogOptions options, LogReceiver receiver)
    {
        var unreadable = 0;
        foreach (var prefix in Prefixes(disk))
        {
            try
            {
                CellLog.Open(new PrefixedDisk(disk, prefix), options, receiver, out _).Dispose();
            }
            catch (Exception damage) when (damage is CorruptLogException or LogFormatException)
            {
                unreadable++;
            }
        }

        return unreadable;
    }

    /// <summary>Deletes all that lies aside: others hold it.</summary>
    public static void Delete(IDisk disk)
    {
        foreach (var name in disk.List().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))) disk.Delete(name);
        disk.SyncDirectory();
    }

    private static List<string> Prefixes(IDisk disk) =>
        [.. disk.List().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length > PrefixOf(0).Length).Select(static name => name[..PrefixOf(0).Length]).Distinct().Order(StringComparer.Ordinal)];

    private static bool IsOwn(string name) => name.StartsWith(Mark, StringComparison.Ordinal) || name.StartsWith(Since, StringComparison.Ordinal);

    private static string PrefixOf(ulong since) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{since:x16}-");

    private static ulong Read(IDisk disk, string name) => AtomicFile.TryRead(disk, name) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    private static void Write(IDisk disk, string name, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        AtomicFile.Write(disk, name, bytes);
    }
}
