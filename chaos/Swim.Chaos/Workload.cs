using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Swim.Client;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Chaos;

/// <summary>
/// Submits small workflows at a steady rate, each to a node chosen at random, until it is told to end (SIGTERM). Each waits a moment,
/// then has an effect on a sink that knows it by its idempotency key, then answers.
/// </summary>
internal sealed class Workload(IReadOnlyList<ServerAddress> servers, string history, string sink, int perSecond, string consistency)
{
    /// <summary>The task that has an effect on the sink.</summary>
    public const string EffectTask = "effect";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    // Long enough that a cut meets runs that are under way.
    private string Holding => consistency == "majority" ? " && sleep 0.4" : "";

    /// <summary>What the workflow of that tag must answer.</summary>
    public static string OutputOf(string tag) => $"\"{tag} done\"";

    public async Task RunAsync()
    {
        using var end = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            end.Cancel();
        });
        using var log = new History(history);
        var clients = servers.Select(static server => new SwimClient(new SwimClientOptions { Servers = [server], CallTimeout = Patience, ServerTimeout = Patience, RoundsMax = 1 })).ToList();
        var calls = new List<Task>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        for (var number = 0; await TickAsync(pace, end.Token).ConfigureAwait(false); number++)
        {
            calls.RemoveAll(static call => call.IsCompletedSuccessfully);
            var tag = string.Create(CultureInfo.InvariantCulture, $"{_run}-{number}");
            calls.Add(SubmitAsync(clients, new SubmitWorkflowRequest { Document = Document(tag, number), IdempotencyKey = tag }, log));
        }

        await Task.WhenAll(calls).ConfigureAwait(false);
        foreach (var client in clients) client.Dispose();
    }

    private static async Task<bool> TickAsync(PeriodicTimer pace, CancellationToken end)
    {
        try
        {
            return await pace.WaitForNextTickAsync(end).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // As a client of many servers would: once more, to another, with the same key, where the first did not answer.
    private async Task SubmitAsync(List<SwimClient> clients, SubmitWorkflowRequest request, History log)
    {
        var first = Random.Shared.Next(clients.Count);
        if (await TryAsync(clients[first], servers[first], request, log).ConfigureAwait(false)) return;
        var second = (first + 1 + Random.Shared.Next(clients.Count - 1)) % clients.Count;
        await TryAsync(clients[second], servers[second], request, log).ConfigureAwait(false);
    }

    private async Task<bool> TryAsync(SwimClient client, ServerAddress server, SubmitWorkflowRequest request, History log)
    {
        var started = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var watch = Stopwatch.StartNew();
        try
        {
            var answer = await client.SubmitAsync(request).ConfigureAwait(false);
            log.Add(new Operation(request.IdempotencyKey, server.ToString(), started, watch.ElapsedMilliseconds, answer.WorkflowId, answer.Acked.ToString(), null));
            return true;
        }
        catch (SwimException failure)
        {
            log.Add(new Operation(request.IdempotencyKey, server.ToString(), started, watch.ElapsedMilliseconds, null, null, $"{failure.Status}: {failure.Message}"));
            return false;
        }
    }

    // mkdir is the sink that checks the key: it says yes once. Every run leaves a line beside it, and holds a lock while it lives, so that
    // the sink sees it when two do.
    private string Document(string tag, int number) => $$"""
        name: {{tag}}
        consistency: {{consistency}}
        tasks:
          - { id: wait, tool: "builtin:delay", arguments: { ms: {{50 + (number * 37 % 750)}} } }
          - id: {{EffectTask}}
            tool: shell:exec
            depends_on: [wait]
            retry: { max_attempts: 3, backoff_ms: 100 }
            arguments:
              argv: [sh, -c, 'mkdir -p "$0" && exec 9>>"$0/lock" && { flock -n 9 || mkdir -p "$0/overlap-$SWIM_ATTEMPT"; } && echo "$SWIM_ATTEMPT" >> "$0/runs" && { mkdir "$0/key-$SWIM_IDEMPOTENCY_KEY" 2>/dev/null || test -d "$0/key-$SWIM_IDEMPOTENCY_KEY"; }{{Holding}}', "{{sink}}/{{tag}}"]
          - { id: answer, tool: "builtin:concat", arguments: { values: ["{{tag}}", " done"] }, depends_on: [effect] }
        output: "$OUTPUT[answer]"
        """;
}
