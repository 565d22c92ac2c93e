using System.Diagnostics;
using System.Globalization;
using Swim.Client;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Chaos;

/// <summary>
/// After the heal: what was acked must be there, finished, with the one right answer, the same from every node, and its effect must
/// have happened once.
/// </summary>
internal sealed class SetChecker(IReadOnlyList<ServerAddress> servers, IReadOnlyList<Operation> history, string sink, TimeSpan patience)
{
    private const int Concurrency = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public async Task<Scorecard> CheckAsync(string scenario, bool isMajority, long detectMs)
    {
        var acked = history.Where(static operation => operation.WorkflowId is not null).ToLookup(static operation => operation.Tag);
        var ends = new List<End>();
        using var slots = new SemaphoreSlim(Concurrency);
        var clients = servers.Select(static server => new SwimClient(new SwimClientOptions { Servers = [server] })).ToList();
        foreach (var end in await Task.WhenAll(acked.Select(operations => EndOfAsync(clients, operations.Key, operations.First().WorkflowId!, slots))).ConfigureAwait(false)) ends.Add(end);
        var merges = await Task.WhenAll(clients.Select(MergesAsync)).ConfigureAwait(false);
        clients.ForEach(static client => client.Dispose());
        var scores = ScoresOf(acked, ends, merges, detectMs);
        var isOk = (scores.OverlappingRuns == 0 || !isMajority) && scores is { Acked: > 0, Lost: 0, WrongOutput: 0, Disagreeing: 0, ManyIds: 0, DoubleEffects: 0, MissingEffects: 0, FalselyTold: 0, MergesDisagreeing: 0, ConvergeMs: >= 0 };
        return new Scorecard(scenario, isOk, scores);
    }

    private Scores ScoresOf(ILookup<string, Operation> acked, List<End> ends, Dictionary<string, MergeReport>[] merges, long detectMs)
    {
        var submitted = history.Select(static operation => operation.Tag).Distinct().Count();
        var lost = ends.Count(static end => end.Shown.Any(static workflow => workflow?.State != WorkflowState.Succeeded));
        var waits = acked.SelectMany(static operations => operations).Select(static operation => operation.ElapsedMs).Order().ToList();
        Complain(ends);
        return new Scores(
            submitted,
            acked.Count,
            submitted - acked.Count,
            lost,
            ends.Count(static end => end.Shown.Any(workflow => workflow is not null && workflow.OutputJson != Workload.OutputOf(end.Tag))),
            ends.Count(static end => !end.Agree),
            acked.Count(static operations => operations.Select(static operation => operation.WorkflowId).Distinct().Count() > 1),
            ends.Count(end => Keys(end.Tag) > 1),
            ends.Count(end => Keys(end.Tag) == 0),
            ends.Sum(end => Math.Max(0, Attempts(end.Tag).Count - 1)),
            ends.Sum(end => Stale(Attempts(end.Tag))),
            ends.Sum(static end => Math.Max(0, end.EffectsTold - 1)),
            ends.Count(end => end.EffectsTold > Math.Max(1, Attempts(end.Tag).Count)),
            merges.SelectMany(static told => told.Keys).Distinct().Count(id => merges.Any(told => !merges[0].TryGetValue(id, out var first) || !told.TryGetValue(id, out var one) || !one.Equals(first))),
            ends.Sum(end => Overlaps(end.Tag)),
            detectMs,
            lost == 0 ? (long)_watch.Elapsed.TotalMilliseconds : -1,
            waits.Count == 0 ? -1 : waits[(int)(waits.Count * 0.99)]);
    }

    private static void Complain(List<End> ends)
    {
        foreach (var end in ends.Where(static end => !end.Agree).Take(3))
        {
            Console.Error.WriteLine($"{end.Tag} is not the same everywhere:");
            foreach (var shown in end.Shown.Select(static workflow => workflow?.ToString() ?? "not shown").Distinct()) Console.Error.WriteLine("  " + shown);
        }
    }

    // What swim merges tells on that node, by workflow. A list that is incomplete is asked for again for a while.
    private async Task<Dictionary<string, MergeReport>> MergesAsync(SwimClient client)
    {
        while (true)
        {
            var told = new Dictionary<string, MergeReport>(StringComparer.Ordinal);
            var (page, isWhole) = (new ListMergesResponse(), true);
            do
            {
                page = await client.MergesAsync(new ListMergesRequest { PageSize = 100, PageToken = page.NextPageToken }).ConfigureAwait(false);
                isWhole &= !page.Incomplete;
                foreach (var workflow in page.Workflows) told[workflow.WorkflowId] = workflow.Merges;
            }
            while (page.NextPageToken.Length > 0);

            if (isWhole || _watch.Elapsed > patience) return told;
            await Task.Delay(Pause).ConfigureAwait(false);
        }
    }

    private async Task<End> EndOfAsync(List<SwimClient> clients, string tag, string id, SemaphoreSlim slots)
    {
        await slots.WaitAsync().ConfigureAwait(false);
        try
        {
            while (true)
            {
                var shown = new Workflow?[clients.Count];
                for (var i = 0; i < clients.Count; i++) shown[i] = await ShownAsync(clients[i], id).ConfigureAwait(false);
                var end = new End(tag, shown);
                if ((end.Agree && shown[0]!.State.HasEnded()) || _watch.Elapsed > patience) return end;
                await Task.Delay(Pause).ConfigureAwait(false);
            }
        }
        finally
        {
            slots.Release();
        }
    }

    private static async Task<Workflow?> ShownAsync(SwimClient client, string id)
    {
        try
        {
            return await client.GetAsync(id).ConfigureAwait(false);
        }
        catch (SwimException)
        {
            return null;
        }
    }

    private int Keys(string tag) => Directory.Exists(Of(tag)) ? Directory.GetDirectories(Of(tag), "key-*").Length : 0;

    private int Overlaps(string tag) => Directory.Exists(Of(tag)) ? Directory.GetDirectories(Of(tag), "overlap-*").Length : 0;

    // In the order in which they reached the sink. A process killed while it wrote its line leaves none.
    private List<int> Attempts(string tag)
    {
        var runs = Path.Combine(Of(tag), "runs");
        if (!File.Exists(runs)) return [];
        return [.. File.ReadLines(runs).Where(static line => line.Length > 0).Select(static line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    private static int Stale(List<int> attempts)
    {
        var (latest, stale) = (0, 0);
        foreach (var attempt in attempts)
        {
            if (attempt < latest) stale++;
            latest = Math.Max(latest, attempt);
        }

        return stale;
    }

    private string Of(string tag) => Path.Combine(sink, tag);

    private sealed record End(string Tag, Workflow?[] Shown)
    {
        /// <summary>How many runs of the task with the effect the merge report tells of; 0 where it tells of none.</summary>
        public int EffectsTold => Shown[0]?.Merges?.Tasks.Where(static merge => merge.Task == Workload.EffectTask).Sum(static merge => merge.Runs.Count(static run => run.Succeeded)) ?? 0;

        public bool Agree => Shown.All(workflow => workflow is not null && workflow.Equals(Shown[0]));
    }
}
