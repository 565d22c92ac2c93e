namespace Swim.Core.Storage;

/// <summary>The files of a directory whose names begin alike, as a directory of their own: without that beginning.</summary>
public sealed class PrefixedDisk(IDisk disk, string prefix) : IDisk
{
    /// <inheritdoc/>
    public IReadOnlyList<string> List() =>
        [.. disk.List().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..])];

    /// <inheritdoc/>
    public IDiskFile Create(string name, long length) => disk.Create(prefix + name, length);

    /// <inheritdoc/>
    public IDiskFile Open(string name) => disk.Open(prefix + name);

    /// <inheritdoc/>
    public void Rename(string from, string to) => disk.Rename(prefix + from, prefix + to);

    /// <inheritdoc/>
    public void Delete(string name) => disk.Delete(prefix + name);

    /// <inheritdoc/>
    public void SyncDirectory() => disk.SyncDirectory();
}
