using Swim.Core.Storage;

namespace Swim.Simulation.Disk;

/// <summary>An open file of a <see cref="SimDisk"/>; of no use once the process that opened it is gone.</summary>
internal sealed class SimFile(SimDisk disk, string name, SimFileContent content) : IDiskFile
{
    private readonly int _life = disk.LifeCount;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public long Length => content.Length;

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> destination)
    {
        DemandSameLife();
        disk.DemandPower();
        return content.Read(offset, destination);
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Change();
        disk.DemandSpace(offset + bytes.Length - content.Length);
        content.Write(offset, bytes);
    }

    /// <inheritdoc/>
    public void Truncate(long length)
    {
        Change();
        disk.DemandSpace(length - content.Length);
        content.Truncate(length);
    }

    /// <inheritdoc/>
    public void SyncData()
    {
        DemandSameLife();
        disk.Sync(name);
        content.Sync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The content belongs to the disk.
    }

    private void Change()
    {
        DemandSameLife();
        disk.Change();
    }

    private void DemandSameLife()
    {
        if (_life != disk.LifeCount) throw new PowerFailedException();
    }
}
