using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Swim.Core.Storage;

namespace Swim.Node.Disk;

/// <summary>An open file of a <see cref="LinuxDisk"/>.</summary>
internal sealed class LinuxFile(LinuxDisk disk, string name, SafeFileHandle handle) : IDiskFile
{
    private static readonly byte[] _zeros = new byte[1 << 20];

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public long Length => DiskErrors.Translated($"length of {name}", () => RandomAccess.GetLength(handle));

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> destination)
    {
        try
        {
            var total = 0;
            while (total < destination.Length)
            {
                var read = RandomAccess.Read(handle, destination[total..], offset + total);
                if (read == 0) break;
                total += read;
            }
            return total;
        }
        catch (IOException error)
        {
            throw DiskErrors.Translate($"read {name}", error);
        }
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (IOException error)
        {
            throw DiskErrors.Translate($"write {name}", error);
        }
    }

    /// <summary>Fills the start of the file with zeros, so that its space is taken.</summary>
    public void WriteZeros(long length)
    {
        for (long at = 0; at < length; at += _zeros.Length) Write(at, _zeros.AsSpan(0, (int)Math.Min(_zeros.Length, length - at)));
    }

    /// <inheritdoc/>
    public void Truncate(long length) => DiskErrors.Translated($"truncate {name}", () => RandomAccess.SetLength(handle, length));

    /// <inheritdoc/>
    public void SyncData()
    {
        var started = Stopwatch.GetTimestamp();
        Libc.SyncData(handle, name);
        disk.OnSynced?.Invoke(Stopwatch.GetElapsedTime(started));
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
