using System.Security.Cryptography;
using System.Text;
using Swim.Core.Storage;
using Swim.Node.Disk;

namespace Swim.Cli.Dev;

/// <summary>
/// Where a cluster of <see cref="DevCommand"/> keeps everything: a directory for each node, and the cluster's own name, which no other
/// such cluster has, so that two that know each other's ports from before never become one. Held by one process at a time.
/// </summary>
internal sealed class DevDirectory : IDisposable
{
    private const string NameFile = "cluster";
    private const string NamePrefix = "dev-";
    private const int NameBytesMax = 64;

    private readonly LinuxDisk _disk;

    private DevDirectory(string path, bool isTemporary)
    {
        (Path, IsTemporary) = (path, isTemporary);
        _disk = LinuxDisk.OpenDirectory(path);
    }

    public string Path { get; }

    public bool IsTemporary { get; }

    /// <summary>The cluster's name.</summary>
    public string Cluster { get; private set; } = "";

    /// <summary>How many nodes have been here.</summary>
    public int NodesHeld => Enumerable.Range(1, DevPlan.NodesMax).LastOrDefault(number => Directory.Exists(NodePath(number)));

    /// <summary>Opens <paramref name="path"/>, which is created if need be; null makes a temporary one.</summary>
    /// <exception cref="BadInputException">It is something else's.</exception>
    /// <exception cref="DirectoryInUseException">Another process has it.</exception>
    public static DevDirectory Open(string? path)
    {
        if (path is not null) CheckIsOurs(path);
        var directory = new DevDirectory(path is null ? Directory.CreateTempSubdirectory("swim-dev-").FullName : System.IO.Path.GetFullPath(path), path is null);
        try
        {
            directory.Cluster = directory.ReadOrMakeName();
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Where the node with that index keeps its data.</summary>
    public string Of(int node) => NodePath(node + 1);

    /// <summary>Gives it free; a temporary one is gone after that.</summary>
    public void Dispose()
    {
        _disk.Dispose();
        if (IsTemporary && Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    private static void CheckIsOurs(string path)
    {
        if (path.Length == 0) throw new BadInputException("--data is empty: name a directory.");
        if (File.Exists(path)) throw new BadInputException($"--data {path} is a file: name a directory.");
        if (!Directory.Exists(path) || File.Exists(System.IO.Path.Combine(path, NameFile))) return;
        // What a start that was cut short leaves behind is not in the way.
        var foreign = Directory.EnumerateFileSystemEntries(path).Select(System.IO.Path.GetFileName).FirstOrDefault(static name => name is not ("lock" or NameFile + ".tmp"));
        if (foreign is not null) throw new BadInputException($"--data {path} is not empty and no directory of swim dev (it holds '{foreign}'): name an empty or new one.");
    }

    private string NodePath(int number) => System.IO.Path.Combine(Path, $"n{number}");

    private string ReadOrMakeName()
    {
        if (AtomicFile.TryRead(_disk, NameFile) is { } bytes)
        {
            var saved = Encoding.ASCII.GetString(bytes);
            var isName = bytes.Length <= NameBytesMax && saved.StartsWith(NamePrefix, StringComparison.Ordinal) && !saved.Any(char.IsControl);
            return isName ? saved : throw new BadInputException($"{System.IO.Path.Combine(Path, NameFile)} is damaged: restore it, or name another directory.");
        }

        var name = NamePrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        AtomicFile.Write(_disk, NameFile, Encoding.ASCII.GetBytes(name));
        return name;
    }
}
