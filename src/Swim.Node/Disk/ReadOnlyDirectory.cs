using Microsoft.Win32.SafeHandles;
using Swim.Core.Primitives;
using Swim.Core.Storage;

namespace Swim.Node.Disk;

/// <summary>A node's directory to look at while no node uses it: nothing in it is ever changed.</summary>
public sealed class ReadOnlyDirectory : IDisk
{
    private readonly string _path;

    private ReadOnlyDirectory(string path) => _path = path;

    /// <summary>
    /// Opens an existing directory. Throws <see cref="DirectoryInUseException"/> when a node has it, <see cref="DiskException"/> when it is not there.
    /// </summary>
    public static ReadOnlyDirectory Open(string directory)
    {
        var path = Path.GetFullPath(directory);
        if (!Directory.Exists(path)) throw new DiskException($"{path}: no such directory.");
        if (LinuxDisk.IsInUse(path)) throw new DirectoryInUseException(path);
        return new ReadOnlyDirectory(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => DiskErrors.Translated($"list {_path}", () =>
    {
        var names = Directory.EnumerateFiles(_path).Select(static file => Path.GetFileName(file)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    });

    /// <inheritdoc/>
    IDiskFile IDisk.Open(string name) => DiskErrors.Translated($"open {name}", () => new ReadOnlyFile(name, File.OpenHandle(Path.Combine(_path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite)));

    /// <summary>Refused.</summary>
    public IDiskFile Create(string name, long length) => throw Refused();

    /// <summary>Refused.</summary>
    public void Rename(string from, string to) => throw Refused();

    /// <summary>Refused.</summary>
    public void Delete(string name) => throw Refused();

    /// <summary>Refused.</summary>
    public void SyncDirectory() => throw Refused();

    private static InvariantException Refused() => new("who only looks at a directory changes nothing");

    private sealed class ReadOnlyFile(string name, SafeFileHandle handle) : IDiskFile
    {
        public string Name => name;

        public long Length => DiskErrors.Translated($"length of {name}", () => RandomAccess.GetLength(handle));

        public int Read(long offset, Span<byte> destination)
        {
            try
            {
                var total = 0;
                while (total < destination.Length && RandomAccess.Read(handle, destination[total..], offset + total) is var read and > 0) total += read;
                return total;
            }
            catch (IOException error)
            {
                throw DiskErrors.Translate($"read {name}", error);
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => throw Refused();

        public void Truncate(long length) => throw Refused();

        public void SyncData() => throw Refused();

        public void Dispose() => handle.Dispose();
    }
}
