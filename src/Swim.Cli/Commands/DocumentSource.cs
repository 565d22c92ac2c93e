using System.CommandLine;
using System.Text;
using System.Text.Json;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary>The arguments and options that make a submission, shared by <c>submit</c> and <c>run</c>.</summary>
internal sealed class DocumentSource
{
    private const int BytesMax = 16 * 1024 * 1024;
    private static readonly string[] AckWords = ["hinted", "local", "k", "all"];

    private readonly Argument<string> _file = new("FILE") { Description = "The workflow document, YAML or JSON; - reads standard input." };
    private readonly Option<string?> _format = new("--format") { Description = "yaml or json. Without it the file's extension decides.", HelpName = "yaml|json" };
    private readonly Option<string?> _input = new("--input") { Description = "A JSON value for $INPUT, or @ and the name of a file with one.", HelpName = "JSON|@FILE" };
    private readonly Option<string> _key = new("--key") { Description = "Idempotency key: the same key gives the same workflow, from any node.", HelpName = "KEY", DefaultValueFactory = _ => "" };
    private readonly Option<string?> _ack = new("--ack") { Description = "How far the workflow must have spread before the answer. Default k.", HelpName = string.Join('|', AckWords) };

    public DocumentSource(Command command)
    {
        command.Add(_file);
        command.Add(_format);
        command.Add(_input);
        command.Add(_key);
        command.Add(_ack);
        command.Add(Namespace);
    }

    public Option<string> Namespace { get; } = NamespaceOption.Create();

    /// <summary>The request that the command line asks for.</summary>
    /// <exception cref="BadInputException">A file cannot be read, or an option is wrong.</exception>
    public async Task<SubmitWorkflowRequest> ReadAsync(ParseResult parsed, Terminal terminal, CancellationToken cancel)
    {
        var file = parsed.GetRequiredValue(_file);
        return new SubmitWorkflowRequest
        {
            Namespace = parsed.GetValue(Namespace),
            Format = FormatOf(file, parsed.GetValue(_format)),
            InputJson = await InputAsync(parsed.GetValue(_input), cancel).ConfigureAwait(false),
            IdempotencyKey = parsed.GetValue(_key),
            Ack = AckOf(parsed.GetValue(_ack)),
            Document = file == "-" ? await TextAsync(terminal.In(), "Standard input", cancel).ConfigureAwait(false) : await FileAsync(file, cancel).ConfigureAwait(false),
        };
    }

    private static string FormatOf(string file, string? given) => given switch
    {
        "yaml" or "json" => given,
        not null => throw new BadInputException($"--format '{given}' is no format: give yaml or json."),
        _ => Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase) ? "json" : "yaml",
    };

    private static AckLevel AckOf(string? given) =>
        given is null ? AckLevel.Unspecified
        : Array.IndexOf(AckWords, given.ToLowerInvariant()) is >= 0 and var level ? (AckLevel)(level + 1)
        : throw new BadInputException($"--ack '{given}' is no level: give {string.Join(", ", AckWords)}.");

    private static async Task<string> InputAsync(string? given, CancellationToken cancel)
    {
        if (given is null) return "";
        var text = given.StartsWith('@') ? await FileAsync(given[1..], cancel).ConfigureAwait(false) : given;
        try
        {
            using var value = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException fault)
        {
            throw new BadInputException($"--input is not JSON (line {fault.LineNumber + 1}, column {fault.BytePositionInLine + 1}): correct it; a text needs quotes.");
        }
    }

    private static async Task<string> FileAsync(string path, CancellationToken cancel)
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

/// <summary>The namespace a command works in.</summary>
internal static class NamespaceOption
{
    public static Option<string> Create() => new("--namespace")
    {
        Description = "The namespace of the workflow. Default: default.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "",
    };
}
