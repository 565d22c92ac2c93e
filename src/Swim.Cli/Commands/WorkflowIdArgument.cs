using System.CommandLine;
using Grpc.Core;
using Swim.Cli.Output;
using Swim.Client;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary>
/// The argument that names a workflow: its 32 digits, as many of the first as tell it from the others of its namespace, or
/// <c>@latest</c>, the newest of the namespace.
/// </summary>
internal sealed class WorkflowIdArgument
{
    public const string Latest = "@latest";
    private const int Digits = 32;
    private const int CandidatesMax = 10;

    private readonly Argument<string?> _id;
    private readonly Option<string> _space = NamespaceOption.Create();

    public WorkflowIdArgument(Command command, bool isOptional = false)
    {
        _id = new Argument<string?>("ID")
        {
            Description = $"A workflow's id, the first digits of it, or {Latest}.",
            HelpName = "ID",
            Arity = isOptional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
            CompletionSources = { Latest },
        };
        command.Add(_id);
        command.Add(_space);
    }

    /// <summary>The namespace given.</summary>
    public string Namespace(ParseResult parsed) => parsed.GetValue(_space)!;

    /// <summary>
    /// The whole id; empty where the argument is optional and not given. With <paramref name="mustBeSure"/> short ids are refused while
    /// parts of the cluster cannot be asked, since one of theirs might be meant.
    /// </summary>
    /// <exception cref="BadInputException">It is no id.</exception>
    /// <exception cref="AmbiguousIdException">It fits several workflows.</exception>
    /// <exception cref="SwimException">It fits none, or no server answered.</exception>
    public async Task<string> ResolveAsync(CommandRun run, ParseResult parsed, bool mustBeSure, CancellationToken cancel)
    {
        var given = parsed.GetValue(_id) ?? "";
        var isHex = given.Length <= Digits && given.All(char.IsAsciiHexDigit);
        if (isHex && given.Length is 0 or Digits) return given.ToLowerInvariant();
        if (!isHex && given != Latest) throw new BadInputException($"'{given}' is no workflow id: give {Digits} hexadecimal digits, the first few of them, or {Latest}.");
        var request = new ListWorkflowsRequest { Namespace = Namespace(parsed), IdPrefix = isHex ? given.ToLowerInvariant() : "" };
        var found = await run.AskAsync(WorkflowPages.ReadAsync(run.Client, request, isHex ? CandidatesMax : 1, cancel)).ConfigureAwait(false);
        if (found.Workflows.Count > 1) throw new AmbiguousIdException(given, found.Workflows, found.NextPageToken.Length > 0);
        if (found.Workflows.Count == 0 || (mustBeSure && found.Incomplete)) throw NotFound(given, found);
        if (found.Incomplete) await run.Terminal.Error.WriteLineAsync($"swim: {Unreached(found)}; {given} may be another one there").ConfigureAwait(false);
        return found.Workflows[0].WorkflowId;
    }

    private static SwimException NotFound(string given, ListWorkflowsResponse found)
    {
        var what = given == Latest ? "any workflow" : $"a workflow that begins with '{given}'";
        if (found.Incomplete) return new SwimException(StatusCode.Unavailable, "INCOMPLETE", $"{Unreached(found)}: try again later, or give the whole id.", true);
        return new SwimException(StatusCode.NotFound, "WORKFLOW_NOT_FOUND", $"This namespace does not hold {what}: see swim list.", false);
    }

    private static string Unreached(ListWorkflowsResponse found) => ListText.Unreached(found);
}
