using Swim.Core.Storage;

namespace Swim.Core.Tests.Storage;

/// <summary>
/// A disk that keeps what was written and whose plug can be pulled before any operation that changes it. What a crash does to
/// unsynced writes is the simulated disk's matter, not this one's.
/// </summary>
internal sealed class MemoryDisk : IDisk
{
    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);

    /// <summary>How many more changing operations work; null for no limit.</summary>
    public int? OperationsLeft { get; set; }

    /// <summary>What the next creation throws, once.</summary>
    public DiskException? FailCreate { get; set; }

    /// <summary>What the next sync of a file throws, once.</summary>
    public DiskException? FailSync { get; set; }

    public int Syncs { get; private set; }

    public byte[] this[string name]
    {
        get => [.. _files[name].Bytes];
        set => _files[name] = new MemoryFile(this, name) { Bytes = [.. value] };
    }

    public MemoryDisk Copy()
    {
        var copy = new MemoryDisk();
        foreach (var (name, file) in _files) copy[name] = [.. file.Bytes];
        return copy;
    }

    public IReadOnlyList<string> List() => [.. _files.Keys];

    public IDiskFile Create(string name, long length)
    {
        Step();
        if (FailCreate is { } failure)
        {
            FailCreate = null;
            throw failure;
        }
        if (_files.ContainsKey(name)) throw new DiskException($"{name} exists.");
        this[name] = new byte[length];
        return _files[name];
    }

    public IDiskFile Open(string name) => _files.TryGetValue(name, out var file) ? file : throw new DiskException($"{name} is missing.");

    public void Rename(string from, string to)
    {
        Step();
        _files.Remove(from, out var file);
        _files[to] = file!;
    }

    public void Delete(string name)
    {
        Step();
        if (!_files.Remove(name)) throw new DiskException($"{name} is missing.");
    }

    public void SyncDirectory() => Step();

    private void Step()
    {
        if (OperationsLeft is 0) throw new PlugPulledException();
        OperationsLeft--;
    }

    private sealed class MemoryFile(MemoryDisk disk, string name) : IDiskFile
    {
        public List<byte> Bytes { get; init; } = [];

        public string Name => name;

        public long Length => Bytes.Count;

        public int Read(long offset, Span<byte> destination)
        {
            var count = (int)Math.Clamp(Bytes.Count - offset, 0, destination.Length);
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Bytes).Slice((int)offset, count).CopyTo(destination);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            disk.Step();
            if (Bytes.Count < offset + bytes.Length) Truncate(offset + bytes.Length);
            bytes.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Bytes)[(int)offset..]);
        }

        public void Truncate(long length) => System.Runtime.InteropServices.CollectionsMarshal.SetCount(Bytes, (int)length);

        public void SyncData()
        {
            disk.Step();
            disk.Syncs++;
            if (disk.FailSync is not { } failure) return;
            disk.FailSync = null;
            throw failure;
        }

        public void Dispose() { }
    }
}

internal sealed class PlugPulledException : Exception;
