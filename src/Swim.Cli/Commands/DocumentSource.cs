using System.CommandLine;
using System.Text.Json;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary>The arguments and options that make a submission, shared by <c>submit</c> and <c>run</c>.</summary>
internal sealed class DocumentSource
{
    private static readonly string[] AckWords = ["hinted", "local", "k", "all"];

    private readonly DocumentFile _document;
    private readonly Option<string?> _input = new("--input") { Description = "A JSON value for $INPUT, or @ and the name of a file with one.", HelpName = "JSON|@FILE" };
    private readonly Option<string> _key = new("--key") { Description = "Idempotency key: the same key gives the same workflow, from any node.", HelpName = "KEY", DefaultValueFactory = _ => "" };
    private readonly Option<string?> _ack = new("--ack") { Description = "How far the workflow must have spread before the answer. Default k.", HelpName = string.Join('|', AckWords) };

    private readonly Option<string> _consistency = new("--consistency") { Description = "What an attempt needs before it begins; the document's own unless given.", HelpName = "any|majority", DefaultValueFactory = _ => "" };

    public DocumentSource(Command command)
    {
        _document = new DocumentFile(command);
        command.Add(_input);
        command.Add(_key);
        _ack.CompletionSources.Add(AckWords);
        command.Add(_ack);
        _consistency.CompletionSources.Add("any", "majority");
        command.Add(_consistency);
        command.Add(Namespace);
    }

    public Option<string> Namespace { get; } = NamespaceOption.Create();

    /// <summary>The request that the command line asks for.</summary>
    /// <exception cref="BadInputException">A file cannot be read, or an option is wrong.</exception>
    public async Task<SubmitWorkflowRequest> ReadAsync(ParseResult parsed, Terminal terminal, CancellationToken cancel)
    {
        return new SubmitWorkflowRequest
        {
            Namespace = parsed.GetValue(Namespace),
            Format = _document.Format(parsed),
            InputJson = await InputAsync(parsed.GetValue(_input), cancel).ConfigureAwait(false),
            IdempotencyKey = parsed.GetValue(_key),
            Consistency = parsed.GetValue(_consistency),
            Ack = AckOf(parsed.GetValue(_ack)),
            Document = await _document.ReadAsync(parsed, terminal, cancel).ConfigureAwait(false),
        };
    }

    private static AckLevel AckOf(string? given) =>
        given is null ? AckLevel.Unspecified
        : Array.IndexOf(AckWords, given.ToLowerInvariant()) is >= 0 and var level ? (AckLevel)(level + 1)
        : throw new BadInputException($"--ack '{given}' is no level: give {string.Join(", ", AckWords)}.");

    private static async Task<string> InputAsync(string? given, CancellationToken cancel)
    {
        if (given is null) return "";
        var text = given.StartsWith('@') ? await DocumentFile.ReadFileAsync(given[1..], cancel).ConfigureAwait(false) : given;
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
}
