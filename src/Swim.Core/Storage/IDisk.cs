namespace Swim.Core.Storage;

/// <summary>
/// One directory of plain files: the only way to durable storage. Synchronous; one caller at a time. Nothing is durable before
/// the matching sync returned: bytes and length by <see cref="IDiskFile.SyncData"/>, names by <see cref="SyncDirectory"/>.
/// Every method throws <see cref="DiskException"/> when the medium fails. Names hold no path separator.
/// </summary>
public interface IDisk
{
    /// <summary>The names of all files, in ordinal order.</summary>
    IReadOnlyList<string> List();

    /// <summary>
    /// Creates <paramref name="name"/>, which must not exist, with <paramref name="length"/> zero bytes whose space is taken now.
    /// After a <see cref="DiskFullException"/> the file does not exist.
    /// </summary>
    IDiskFile Create(string name, long length);

    /// <summary>Opens the existing file <paramref name="name"/> for reading and writing.</summary>
    IDiskFile Open(string name);

    /// <summary>Renames a file at one stroke, in place of any file called <paramref name="to"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; a missing one is an error.</summary>
    void Delete(string name);

    /// <summary>Makes every creation, renaming and deletion so far durable. A <see cref="DiskSyncException"/> is fatal.</summary>
    void SyncDirectory();
}

/// <summary>One open file of an <see cref="IDisk"/>.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>Its name in the directory at the time it was opened.</summary>
    string Name { get; }

    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>; the count is smaller only at the end of the file.</summary>
    int Read(long offset, Span<byte> destination);

    /// <summary>Writes all bytes at <paramref name="offset"/>, longer than the file if need be. After a failure any part may be written.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the file to <paramref name="length"/>, or grows it with zeros.</summary>
    void Truncate(long length);

    /// <summary>
    /// Makes every write and the length durable. A <see cref="DiskSyncException"/> is fatal to the process: afterwards nobody knows
    /// what the medium holds, and a second sync may lie (Rebello et al. 2020, "Can Applications Recover from fsync Failures?").
    /// </summary>
    void SyncData();
}
