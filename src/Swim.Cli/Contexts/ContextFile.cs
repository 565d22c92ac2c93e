using System.Security;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swim.Cli.Contexts;

/// <summary>
/// The file that keeps a person's contexts: <c>swim/contexts.json</c> below XDG_CONFIG_HOME or, without that, below <c>~/.config</c> (XDG Base
/// Directory Specification). Fields that are not of this version stay as they are. Where two commands change it at once, one change is lost
/// and the file is whole.
/// </summary>
/// <param name="Path">Where it is, or would be.</param>
public sealed record ContextFile(string Path)
{
    private const int BytesMax = 1024 * 1024;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The file of whoever has this environment; null where it names no folder.</summary>
    public static ContextFile? Of(Func<string, string?> environment)
    {
        // The specification has relative paths ignored.
        if (environment("XDG_CONFIG_HOME") is { } given && System.IO.Path.IsPathRooted(given)) return At(given);
        return environment("HOME") is { } home && System.IO.Path.IsPathRooted(home) ? At(System.IO.Path.Combine(home, ".config")) : null;
    }

    /// <summary>What it says; no contexts where there is no file.</summary>
    /// <exception cref="BadInputException">It cannot be read, or is no such file.</exception>
    public ContextSet Read()
    {
        try
        {
            if (!File.Exists(Path)) return new ContextSet(new JsonObject());
            if (new FileInfo(Path).Length > BytesMax) throw new BadInputException($"{Path} has more than {BytesMax} bytes: this is no file of contexts.");
            return JsonNode.Parse(File.ReadAllText(Path)) is JsonObject root ? new ContextSet(root) : throw Malformed("it is no JSON object");
        }
        catch (JsonException fault)
        {
            throw Malformed($"line {fault.LineNumber + 1}, column {fault.BytePositionInLine + 1}");
        }
        // Also a field that stands twice, which comes to light when it is looked at.
        catch (ArgumentException fault)
        {
            throw Malformed(fault.Message);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw new BadInputException($"{Path} cannot be read: {fault.Message}");
        }
    }

    /// <summary>Puts this in its place: the old file or the new one is there at any time, never half of one. Where it is a link, what that leads to is replaced.</summary>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public void Write(ContextSet contexts)
    {
        try
        {
            var path = new FileInfo(Path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : Path;
            var folder = System.IO.Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(folder);
            var beside = System.IO.Path.Combine(folder, $".{System.IO.Path.GetRandomFileName()}");
            File.WriteAllText(beside, contexts.Root.ToJsonString(Indented) + "\n");
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw new BadInputException($"{Path} cannot be written: {fault.Message}");
        }
    }

    private static ContextFile At(string folder) => new(System.IO.Path.Combine(folder, "swim", "contexts.json"));

    private BadInputException Malformed(string why) => new($"{Path} is no file of contexts ({why}): correct or remove it.");
}
