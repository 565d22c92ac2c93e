using System.Text;
using Swim.Core.Storage;
using Swim.Node.Disk;

namespace Swim.Node.Transport.Sealing;

/// <summary>
/// The file with a node's keys: a key in base64 on each line, the primary first; empty lines and those that begin with # count for nothing.
/// Only its owner and group may read it, only its owner may write it.
/// </summary>
internal static class KeysFile
{
    private const int BytesMax = 64 * 1024;
    private const UnixFileMode Forbidden = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads it; null when it cannot be used, and each fault says what to do, naming lines but never what stands in them.</summary>
    public static KeyRing? TryRead(string path, ICollection<string> faults)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Forbidden) != 0)
                faults.Add($"'{path}' can be read or written by others: take that from them with chmod 600, and change the keys if somebody may have read them.");
            else if (new FileInfo(path).Length > BytesMax) faults.Add($"'{path}' is longer than {BytesMax} bytes: it holds at most {KeyRing.KeysMax} keys, one on each line.");
            else return Parse(path, File.ReadAllLines(path), faults);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            faults.Add($"'{path}' cannot be read: {failure.Message}");
        }

        return null;
    }

    /// <summary>Writes it anew, at once or not at all. Throws <see cref="IOException"/>, <see cref="DiskException"/> or <see cref="UnauthorizedAccessException"/> when it cannot.</summary>
    public static void Write(string path, KeyRing ring)
    {
        // A link, as where a secret is mounted, stays one.
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var temporary = target + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        // From its first moment: a file made readable and then closed was readable in between.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(temporary);
        using (var file = new FileStream(temporary, options))
        {
            foreach (var key in ring.Keys) file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key.Secret) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, target, overwrite: true);
        if (OperatingSystem.IsLinux()) Libc.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
    }

    private static KeyRing? Parse(string path, string[] lines, ICollection<string> faults)
    {
        KeyRing? ring = null;
        var faultsBefore = faults.Count;
        for (var number = 1; number <= lines.Length; number++)
        {
            var text = lines[number - 1].Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            if (SealKey.TryParse(text, out var fault) is not { } key) faults.Add($"'{path}' line {number} {fault}: a key is {SealKey.SecretBytes} random bytes in base64.");
            else if (ring is null) ring = KeyRing.Of(key);
            else if (WhyNot(ring.With(key, out ring)) is { } why) faults.Add($"'{path}' line {number} {why}");
        }

        if (ring is null && faults.Count == faultsBefore) faults.Add($"'{path}' holds no key: write {SealKey.SecretBytes} random bytes in base64 on a line.");
        return faults.Count == faultsBefore ? ring : null;
    }

    private static string? WhyNot(KeyChange change) => change switch
    {
        KeyChange.Done => null,
        KeyChange.Nothing => "holds a key that stands there before: delete it.",
        KeyChange.Full => $"is one too many: a node has at most {KeyRing.KeysMax} keys.",
        _ => "holds a key that packets would take for another one: make another.",
    };
}
