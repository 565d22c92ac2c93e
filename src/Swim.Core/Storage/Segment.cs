using System.Globalization;
using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>One file of the log and the place where its next frame goes.</summary>
/// <param name="File">The open file; its length was taken and zeroed at creation.</param>
/// <param name="First">The position of its first record.</param>
/// <param name="Seed">The checksum of its header, which seeds those of its frames.</param>
/// <param name="End">Where the next frame goes, in bytes from the start.</param>
internal sealed record Segment(IDiskFile File, long First, uint Seed, long End) : IDisposable
{
    /// <summary>What a file is called until it is complete.</summary>
    public const string NextName = "cells-next.tmp";

    private const string Prefix = "cells-", Suffix = ".log";

    /// <summary>Bytes of the file; asked of it once, since that goes to the system and each record needs it.</summary>
    public long Length { get; } = File.Length;

    /// <summary>The name of the file whose first record is <paramref name="firstPosition"/>.</summary>
    public static string NameOf(long firstPosition) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{firstPosition:x16}{Suffix}");

    /// <summary>The first positions of all files of the log, in order. Files with other names are none of its business.</summary>
    public static List<long> ListFirstPositions(IDisk disk)
    {
        var found = new List<long>();
        foreach (var name in disk.List())
        {
            if (TryParseName(name, out var position)) found.Add(position);
        }
        found.Sort();
        return found;
    }

    /// <summary>
    /// Creates a file that starts with the record <paramref name="header"/> names. It is prepared under a temporary name and appears
    /// complete or not at all, so a crash on the way leaves nothing but that temporary file.
    /// </summary>
    public static Segment Create(IDisk disk, SegmentHeader header, long bytes)
    {
        DeleteUnfinished(disk);
        uint seed;
        using (var file = disk.Create(NextName, bytes)) seed = WriteHeader(file, header);
        return Appear(disk, header, seed);
    }

    /// <summary>Makes the header durable, and all that was written to the file before; gives its checksum.</summary>
    public static uint WriteHeader(IDiskFile file, SegmentHeader header)
    {
        var head = new byte[SegmentHeader.Size];
        var seed = header.Write(head);
        file.Write(0, head);
        file.SyncData();
        return seed;
    }

    /// <summary>Gives the complete and closed temporary file its name.</summary>
    public static Segment Appear(IDisk disk, SegmentHeader header, uint seed)
    {
        var name = NameOf(header.FirstPosition);
        disk.Rename(NextName, name);
        if (!Planted.Is(Mutant.NoDirectorySync)) disk.SyncDirectory();
        // Opened anew, so that its errors name it as the operator finds it.
        return new Segment(disk.Open(name), header.FirstPosition, seed, SegmentHeader.Size);
    }

    /// <summary>Removes what a crash left of a file that was not complete.</summary>
    public static void DeleteUnfinished(IDisk disk)
    {
        if (disk.List().Contains(NextName)) disk.Delete(NextName);
    }

    /// <summary>True when <paramref name="bytes"/> more fit.</summary>
    public bool HasRoom(long bytes) => End + bytes <= Length;

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    private static bool TryParseName(string name, out long position)
    {
        position = 0;
        return name.Length == Prefix.Length + 16 + Suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(Prefix.Length, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out position);
    }
}
