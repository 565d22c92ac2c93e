using Swim.Core.Storage;
using Swim.Node.Disk;

namespace Swim.Node.Tests.Disk;

/// <summary>
/// A process of its own that only writes: <c>dotnet exec Swim.Node.Tests.dll DIRECTORY</c>. It appends one record after the other,
/// prints each position once it is durable, and stops with <see cref="FatalExitCode"/> when the disk fails.
/// </summary>
internal static class DiskChild
{
    public const int FatalExitCode = 70;

    private const int RecordsMax = 100;

    public static int Main(string[] args)
    {
        if (args.Length != 1) return 2;
        using var ended = new ManualResetEventSlim();
        using var persisted = new AutoResetEvent(initialState: false);
        using var disk = LinuxDisk.OpenDirectory(args[0]);
        var exitCode = 0;
        var events = new DiskEvents(
            OnPersisted: position =>
            {
                Console.WriteLine($"durable {position}");
                persisted.Set();
            },
            OnFatal: failure =>
            {
                Console.WriteLine($"fatal {failure.GetType().Name} {failure.Message}");
                exitCode = FatalExitCode;
                ended.Set();
            },
            OnFullChanged: _ => { });
        var log = CellLog.Open(disk, new CellLogOptions { SegmentBytes = 1 << 16 }, _ => { }, out _);
        using var writer = new DiskWriter(log, new DiskWriterOptions(), events);
        for (var i = 0; i < RecordsMax && !ended.IsSet; i++)
        {
            writer.Append(new byte[100]);
            WaitHandle.WaitAny([persisted, ended.WaitHandle]);
        }
        return exitCode;
    }
}
