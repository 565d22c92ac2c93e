using System.CommandLine;
using Swim.Cli.Output;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary><c>swim submit</c>: stores a workflow and prints its id.</summary>
internal static class SubmitCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("submit", "Stores a workflow on its owners and prints its id.");
        var document = new DocumentSource(command);
        var wait = new Option<bool>("--wait") { Description = "Waits for the end and prints the outcome; exit code 1 unless SUCCEEDED." };
        command.Add(wait);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, parsed.GetValue(wait), async (run, limit) =>
        {
            var request = await document.ReadAsync(parsed, run.Terminal, limit).ConfigureAwait(false);
            var submitted = await SubmitAsync(run, request, limit).ConfigureAwait(false);
            if (parsed.GetValue(wait)) return await WorkflowOutcome.WaitAsync(run, submitted.WorkflowId, request.Namespace, limit).ConfigureAwait(false);
            // Nothing but the id, so that ID=$(swim submit ...) is one.
            run.Print(submitted, static (writer, answer) => writer.WriteLine(Printable.Line(answer.WorkflowId)));
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    /// <summary>Submits, and says so where less was reached than asked for.</summary>
    public static async Task<SubmitWorkflowResponse> SubmitAsync(CommandRun run, SubmitWorkflowRequest request, CancellationToken cancel)
    {
        var submitted = await StoreAsync(run, request, cancel).ConfigureAwait(false);
        if (submitted.Existing) await run.Terminal.Error.WriteLineAsync("swim: existing: the key was known, nothing new was stored").ConfigureAwait(false);
        var asked = request.Ack == AckLevel.Unspecified ? AckLevel.K : request.Ack;
        if (submitted.Acked < asked)
        {
            await run.Terminal.Error.WriteLineAsync(
                $"swim: acked {StateWord.Of(submitted.Acked)}, not yet {StateWord.Of(asked)}; replication goes on").ConfigureAwait(false);
        }

        return submitted;
    }

    private static async Task<SubmitWorkflowResponse> StoreAsync(CommandRun run, SubmitWorkflowRequest request, CancellationToken cancel)
    {
        try
        {
            return await run.AskAsync(run.Client.SubmitAsync(request, cancel)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var next = request.IdempotencyKey.Length > 0 ? "with the same --key it can be submitted again" : "see swim list";
            await run.Terminal.Error.WriteLineAsync($"It is not known whether the workflow was stored: {next}").ConfigureAwait(false);
            throw;
        }
    }
}
