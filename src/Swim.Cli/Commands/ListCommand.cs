using System.CommandLine;
using Swim.Cli.Output;
using Swim.Core.Workflows.Documents;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary><c>swim list</c>: the workflows of a namespace.</summary>
internal sealed class ListCommand
{
    private const int LimitDefault = 20;
    private const int LimitMax = 100_000;
    private static readonly Dictionary<string, WorkflowState> States =
        Enum.GetValues<WorkflowState>().Where(static state => state != WorkflowState.Unspecified).ToDictionary(StateWord.Of);

    private readonly Option<string[]> _states = new("--state") { Description = "Only workflows in this state; may be given several times, or with commas.", HelpName = "STATE,..." };
    private readonly Option<string> _name = new("--name") { Description = "Only workflows whose name begins so.", HelpName = "PREFIX", DefaultValueFactory = _ => "" };
    private readonly Option<string> _id = new("--id") { Description = "Only workflows whose id begins so.", HelpName = "DIGITS", DefaultValueFactory = _ => "" };
    private readonly Option<int> _limit = new("--limit", "-n") { Description = $"How many at most, 1 to {LimitMax}. Default {LimitDefault}.", HelpName = "N", DefaultValueFactory = _ => LimitDefault };
    private readonly Option<string> _page = new("--page") { Description = "Goes on where a list ended that said so.", HelpName = "TOKEN", DefaultValueFactory = _ => "" };
    private readonly Option<string> _space = NamespaceOption.Create();

    public static Command Create(CommandRunner runner)
    {
        var command = new Command("list", "Lists the workflows of a namespace, newest first, gathered from all nodes in reach.");
        var self = new ListCommand();
        self._states.CompletionSources.Add([.. States.Keys]);
        foreach (var option in new Option[] { self._states, self._name, self._id, self._limit, self._page, self._space }) command.Add(option);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, (run, limit) => self.RunAsync(run, parsed, limit), cancel));
        return command;
    }

    private async Task<int> RunAsync(CommandRun run, ParseResult parsed, CancellationToken cancel)
    {
        var limit = parsed.GetValue(_limit);
        if (limit is < 1 or > LimitMax) throw new BadInputException($"--limit {limit} is out of range: give 1 to {LimitMax}.");
        var list = await run.AskAsync(WorkflowPages.ReadAsync(run.Client, Request(parsed), limit, cancel)).ConfigureAwait(false);
        run.Print(list, (writer, shown) => ListText.Write(writer, shown.Workflows, hasWholeIds: run.Terminal.OutScreen is null));
        if (run.IsJson) return ExitCode.Ok;
        if (list.NextPageToken.Length > 0) await run.Terminal.Error.WriteLineAsync($"swim: there are more; go on with --page {Printable.Line(list.NextPageToken)}").ConfigureAwait(false);
        if (list.Incomplete) await run.Terminal.Error.WriteLineAsync($"swim: {ListText.Unreached(list)}").ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private ListWorkflowsRequest Request(ParseResult parsed)
    {
        var request = new ListWorkflowsRequest
        {
            Namespace = parsed.GetValue(_space),
            NamePrefix = parsed.GetValue(_name),
            IdPrefix = parsed.GetValue(_id),
            PageToken = parsed.GetValue(_page),
        };
        var words = (parsed.GetValue(_states) ?? []).SelectMany(static given => given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        request.States.AddRange(words.Select(StateOf).Distinct());
        return request;
    }

    private static WorkflowState StateOf(string given) => States.TryGetValue(given.ToUpperInvariant(), out var state)
        ? state
        : throw new BadInputException($"--state '{given}' is no state of a workflow: give {string.Join(", ", States.Keys)}.{NearestName.Suggest(given, States.Keys)}");
}
