using Swim.Core.Storage;
using Swim.Node.Disk;

namespace Swim.Node.Tests.Disk;

/// <summary>A real disk whose syncs can be held up or made to fail, and whose space can be used up.</summary>
internal sealed class GatedDisk(LinuxDisk inner) : IDisk, IDisposable
{
    /// <summary>Syncs wait until this is set.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Set once a sync has come to a closed gate.</summary>
    public ManualResetEventSlim SyncWaits { get; } = new();

    public volatile DiskSyncException? FailSync;

    public volatile bool IsFull;

    public IReadOnlyList<string> List() => inner.List();

    public IDiskFile Create(string name, long length) => new GatedFile(this, inner.Create(name, length));

    public IDiskFile Open(string name) => new GatedFile(this, inner.Open(name));

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void Delete(string name) => inner.Delete(name);

    public void SyncDirectory() => inner.SyncDirectory();

    public void Dispose()
    {
        inner.Dispose();
        Gate.Dispose();
        SyncWaits.Dispose();
    }

    private sealed class GatedFile(GatedDisk disk, IDiskFile file) : IDiskFile
    {
        public string Name => file.Name;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> destination) => file.Read(offset, destination);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (disk.IsFull) throw new DiskFullException("full");
            file.Write(offset, bytes);
        }

        public void Truncate(long length) => file.Truncate(length);

        public void SyncData()
        {
            if (!disk.Gate.IsSet) disk.SyncWaits.Set();
            disk.Gate.Wait();
            if (disk.FailSync is { } failure) throw failure;
            file.SyncData();
        }

        public void Dispose() => file.Dispose();
    }
}
