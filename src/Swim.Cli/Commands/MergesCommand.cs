using System.CommandLine;
using Swim.Cli.Live;
using Swim.Cli.Output;
using Swim.Client;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary><c>swim merges</c>: what was worked on in two places at once, and what came of it.</summary>
internal sealed class MergesCommand
{
    private const int LimitDefault = 20;
    private const int LimitMax = 10_000;
    private const int PageSizeMax = 100;

    private readonly WorkflowIdArgument _id;
    private readonly Option<string> _since = new("--since") { Description = "Only what was run, or lost its key, within this time: 30m, 24h; at most 7 days.", HelpName = "TIME" };
    private readonly Option<int> _limit = new("--limit", "-n") { Description = $"How many workflows at most, 1 to {LimitMax}. Default {LimitDefault}.", HelpName = "N", DefaultValueFactory = _ => LimitDefault };
    private readonly Option<string> _page = new("--page") { Description = "Goes on where a list ended that said so.", HelpName = "TOKEN", DefaultValueFactory = _ => "" };

    private MergesCommand(Command command)
    {
        _id = new WorkflowIdArgument(command, isOptional: true);
        foreach (var option in new Option[] { _since, _limit, _page }) command.Add(option);
    }

    public static Command Create(CommandRunner runner)
    {
        var command = new Command("merges", "Shows which tasks ran twice in a split, which end won and why, and who was given what lost; with an ID, those of one workflow.");
        var self = new MergesCommand(command);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, (run, limit) => self.RunAsync(run, parsed, limit), cancel));
        return command;
    }

    private async Task<int> RunAsync(CommandRun run, ParseResult parsed, CancellationToken cancel)
    {
        var limit = parsed.GetValue(_limit);
        if (limit is < 1 or > LimitMax) throw new BadInputException($"--limit {limit} is out of range: give 1 to {LimitMax}.");
        var sinceUnixMs = SinceOf(parsed.GetValue(_since));
        var workflowId = await _id.ResolveAsync(run, parsed, mustBeSure: false, cancel).ConfigureAwait(false);
        var space = _id.Namespace(parsed);
        var merges = workflowId.Length > 0
            ? OfOne(await run.AskAsync(run.Client.GetAsync(workflowId, space, cancel: cancel)).ConfigureAwait(false), sinceUnixMs)
            : await run.AskAsync(ReadAsync(run.Client, new ListMergesRequest { Namespace = space, SinceUnixMs = sinceUnixMs, PageToken = parsed.GetValue(_page) }, limit, cancel)).ConfigureAwait(false);
        var names = new NodeNames(run.Client);
        if (!run.IsJson) await names.LearnAsync(cancel).ConfigureAwait(false);
        run.Print(merges, (writer, shown) => MergesText.Write(writer, shown, names.Of));
        if (run.IsJson) return ExitCode.Ok;
        if (merges.NextPageToken.Length > 0) await run.Terminal.Error.WriteLineAsync($"swim: there are more; go on with --page {Printable.Line(merges.NextPageToken)}").ConfigureAwait(false);
        if (merges.Incomplete) await run.Terminal.Error.WriteLineAsync($"swim: {ListText.Unreached(merges.BucketsUnreachable)}").ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private static long SinceOf(string? given)
    {
        if (given is null) return 0;
        if (!Duration.TryParse(given, out var time)) throw new BadInputException($"--since '{given}' is no time: give for example 30m or 24h, at most 7 days.");
        return DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)time.TotalMilliseconds;
    }

    private static ListMergesResponse OfOne(Workflow workflow, long sinceUnixMs)
    {
        var answer = new ListMergesResponse();
        if (workflow.Merges is { } merges && merges.LatestUnixMs >= sinceUnixMs)
            answer.Workflows.Add(new WorkflowMerges { WorkflowId = workflow.WorkflowId, Name = workflow.Name, State = workflow.State, Namespace = workflow.Namespace, Merges = merges });
        return answer;
    }

    private static async Task<ListMergesResponse> ReadAsync(SwimClient client, ListMergesRequest request, int limit, CancellationToken cancel)
    {
        var all = new ListMergesResponse { NextPageToken = request.PageToken };
        do
        {
            request.PageToken = all.NextPageToken;
            request.PageSize = Math.Min(limit - all.Workflows.Count, PageSizeMax);
            var page = await client.MergesAsync(request, cancel).ConfigureAwait(false);
            all.Workflows.AddRange(page.Workflows.Take(request.PageSize));
            all.NextPageToken = page.NextPageToken;
            all.Incomplete |= page.Incomplete;
            all.BucketsUnreachable = Math.Max(all.BucketsUnreachable, page.BucketsUnreachable);
        }
        // A page that leads to itself would be read for ever.
        while (all.NextPageToken.Length > 0 && all.NextPageToken != request.PageToken && all.Workflows.Count < limit);

        return all;
    }
}
