using Microsoft.Win32.SafeHandles;
using Swim.Core.Storage;

namespace Swim.Node.Disk;

/// <summary>
/// A real directory. Locked while it is open: one process owns a data directory. Exceptions of the system are translated here, once,
/// into <see cref="DiskException"/>.
/// </summary>
public sealed class LinuxDisk : IDisk, IDisposable
{
    private const string LockName = "lock";
    private readonly string _path;
    private readonly SafeFileHandle _lock;

    /// <summary>Told how long each sync of a file's data took. Set before files are opened for other threads.</summary>
    public Action<TimeSpan>? OnSynced { get; set; }

    private LinuxDisk(string path, SafeFileHandle @lock) => (_path, _lock) = (path, @lock);

    /// <summary>
    /// Opens <paramref name="directory"/>, creating it if need be, and locks it. Throws <see cref="DirectoryInUseException"/> when
    /// another process, or another open disk of this one, has it.
    /// </summary>
    public static LinuxDisk OpenDirectory(string directory)
    {
        var path = Path.GetFullPath(directory);
        DiskErrors.Translated($"create directory {path}", () => CreateDurably(path));
        var held = Libc.TryLock(Path.Combine(path, LockName)) ?? throw new DirectoryInUseException(path);
        return new LinuxDisk(path, held);
    }

    /// <summary>True when a process, this one included, has the directory. Where its lock cannot be opened, as on a read-only medium, nobody can have it for writing.</summary>
    public static bool IsInUse(string directory)
    {
        var path = Path.Combine(directory, LockName);
        if (!File.Exists(path)) return false;
        try
        {
            using var held = Libc.TryLock(path);
            return held is null;
        }
        catch (DiskException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => DiskErrors.Translated($"list {_path}", () =>
    {
        var names = Directory.EnumerateFiles(_path).Select(file => Path.GetFileName(file)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    });

    /// <inheritdoc/>
    public IDiskFile Create(string name, long length)
    {
        var path = PathOf(name);
        var file = DiskErrors.Translated($"create {name}", () => new LinuxFile(this, name, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite)));
        try
        {
            // Written, not only reserved: a first write into reserved space changes the file's map, and syncing that is slow.
            file.WriteZeros(length);
            return file;
        }
        catch (DiskException)
        {
            file.Dispose();
            Delete(name);
            throw;
        }
    }

    /// <inheritdoc/>
    public IDiskFile Open(string name)
    {
        var path = PathOf(name);
        return DiskErrors.Translated($"open {name}", () => new LinuxFile(this, name, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)));
    }

    /// <inheritdoc/>
    public void Rename(string from, string to) =>
        DiskErrors.Translated($"rename {from} to {to}", () => File.Move(PathOf(from), PathOf(to), overwrite: true));

    /// <inheritdoc/>
    public void Delete(string name) => DiskErrors.Translated($"delete {name}", () =>
    {
        var path = PathOf(name);
        if (!File.Exists(path)) throw new FileNotFoundException("no such file");
        File.Delete(path);
    });

    /// <inheritdoc/>
    public void SyncDirectory() => Libc.SyncDirectory(_path);

    /// <summary>Gives the directory free for another process.</summary>
    public void Dispose() => _lock.Dispose();

    private string PathOf(string name)
    {
        Core.Primitives.Invariant.Holds(name.Length > 0 && name == Path.GetFileName(name) && name is not ("." or ".."), "a file name holds no path");
        return Path.Combine(_path, name);
    }

    // A directory is durable once the one above it is synced.
    private static void CreateDurably(string path)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The node's disk needs the C library of a Unix.");
        if (Directory.Exists(path)) return;
        var parent = Path.GetDirectoryName(path);
        if (parent is not null) CreateDurably(parent);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (parent is not null) Libc.SyncDirectory(parent);
    }
}

/// <summary>The data directory belongs to a running process.</summary>
public sealed class DirectoryInUseException(string path) : DiskException($"{path} is in use by another process. Stop it, or use another data directory.");
