using System.CommandLine;
using System.Text;

namespace Swim.Cli.Commands;

/// <summary>The argument that names a workflow document, and its format.</summary>
internal sealed class DocumentFile
{
    private const int BytesMax = 16 * 1024 * 1024;

    private readonly Argument<string> _file = new("FILE") { Description = "The workflow document, YAML or JSON; - reads standard input." };
    private readonly Option<string?> _format = new("--format") { Description = "yaml or json. Without it the file's extension decides.", HelpName = "yaml|json", CompletionSources = { "yaml", "json" } };

    public DocumentFile(Command command)
    {
        command.Add(_file);
        command.Add(_format);
    }

    /// <summary>The file's name as it was given.</summary>
    public string Name(ParseResult parsed) => parsed.GetRequiredValue(_file);

    /// <summary>The text.</summary>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public Task<string> ReadAsync(ParseResult parsed, Terminal terminal, CancellationToken cancel) =>
        Name(parsed) == "-" ? TextAsync(terminal.In(), "Standard input", cancel) : ReadFileAsync(Name(parsed), cancel);

    /// <summary>yaml or json.</summary>
    /// <exception cref="BadInputException">It is neither.</exception>
    public string Format(ParseResult parsed) => parsed.GetValue(_format) switch
    {
        ("yaml" or "json") and var known => known,
        { } given => throw new BadInputException($"--format '{given}' is no format: give yaml or json."),
        _ => Path.GetExtension(Name(parsed)).Equals(".json", StringComparison.OrdinalIgnoreCase) ? "json" : "yaml",
    };

    /// <summary>The text of a file.</summary>
    /// <exception cref="BadInputException">It cannot be read, is too large, or is no UTF-8.</exception>
    internal static async Task<string> ReadFileAsync(string path, CancellationToken cancel)
    {
        try
        {
            await using var stream = File.OpenRead(path);
            return await TextAsync(stream, path, cancel).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"{path} cannot be read: {fault.Message}");
        }
    }

    private static async Task<string> TextAsync(Stream stream, string name, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > BytesMax) throw new BadInputException($"{name} has more than {BytesMax} bytes: no node takes that much; split it.");
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new BadInputException($"{name} is not UTF-8 text: save it as UTF-8.");
        }
    }
}
