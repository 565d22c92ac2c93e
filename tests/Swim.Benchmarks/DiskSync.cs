using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Swim.Benchmarks;

/// <summary>
/// What one commit costs on this disk at least: a record appended to a preallocated file and <c>fdatasync</c>, one after another.
/// Measured in the same run and on the same disk as the node, since disks differ by far more than programs do.
/// </summary>
public static partial class DiskSync
{
    private const int RecordBytes = 512;
    private const int FileBytes = 4 * 1024 * 1024;
    private const int Rounds = 500;

    /// <summary>Times of <see cref="Rounds"/> commits in <paramref name="directory"/>.</summary>
    public static Distribution Measure(string directory)
    {
        var path = Path.Combine(directory, $"sync-{Environment.ProcessId}");
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, preallocationSize: FileBytes);
            RandomAccess.Write(file, new byte[FileBytes], 0);
            var descriptor = (int)file.DangerousGetHandle();
            Sync(descriptor);
            var times = new TimeSpan[Rounds];
            var record = new byte[RecordBytes];
            for (var i = 0; i < Rounds; i++)
            {
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, record, (long)i * RecordBytes);
                Sync(descriptor);
                times[i] = Stopwatch.GetElapsedTime(start);
            }

            return new Distribution(times);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Sync(int descriptor)
    {
        if (DataSync(descriptor) != 0) throw new IOException($"fdatasync failed with error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(int descriptor);
}
