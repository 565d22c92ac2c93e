using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Swim.Core.Storage;

namespace Swim.Node.Disk;

/// <summary>
/// The system calls that .NET hides or whose errors it swallows: <c>FileStream.Flush(true)</c> and <c>RandomAccess.FlushToDisk</c>
/// return normally when the sync failed (dotnet/runtime issue 124722). Every failure here is a typed exception with the error number.
/// </summary>
internal static partial class Libc
{
    /// <summary>No space on the device.</summary>
    public const int ENOSPC = 28;

    /// <summary>Disk quota exceeded.</summary>
    public const int EDQUOT = 122;

    private const int EINTR = 4, EWOULDBLOCK = 11;
    private const int O_RDONLY = 0, O_RDWR = 2, O_CREAT = 0x40, O_CLOEXEC = 0x80000;
    private const int LOCK_EX = 2, LOCK_NB = 4;
    private const int OwnerMayReadAndWrite = 0x180;

    // A signal may interrupt a sync; this often in a row none does.
    private const int AttemptsMax = 100;

    /// <summary>Makes the data and length of a file durable.</summary>
    public static void SyncData(SafeFileHandle file, string name) => Sync(() => FdataSync(file), $"fdatasync {name}");

    /// <summary>Makes the names in a directory durable.</summary>
    public static void SyncDirectory(string path)
    {
        using var directory = Open(path, O_RDONLY | O_CLOEXEC, 0);
        if (directory.IsInvalid) throw new DiskException(Describe($"open directory {path}"));
        Sync(() => FSync(directory), $"fsync directory {path}");
    }

    /// <summary>
    /// Opens or creates a file and locks it for this open file alone, until it is closed or the process ends; null when another holds
    /// it. Child processes do not inherit it.
    /// </summary>
    public static SafeFileHandle? TryLock(string path)
    {
        var file = Open(path, O_RDWR | O_CREAT | O_CLOEXEC, OwnerMayReadAndWrite);
        if (file.IsInvalid) throw new DiskException(Describe($"open {path}"));
        if (FLock(file, LOCK_EX | LOCK_NB) == 0) return file;
        var error = Marshal.GetLastPInvokeError();
        file.Dispose();
        return error == EWOULDBLOCK ? null : throw new DiskException(Describe($"flock {path}", error));
    }

    private static void Sync(Func<int> call, string what)
    {
        for (var attempt = 1; call() != 0; attempt++)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != EINTR || attempt == AttemptsMax) throw new DiskSyncException(Describe(what, error));
        }
    }

    private static string Describe(string what) => Describe(what, Marshal.GetLastPInvokeError());

    private static string Describe(string what, int error) => $"{what}: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).";

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FdataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
