using System.CommandLine;
using Swim.Cli.Live;
using Swim.Cli.Output;
using Swim.Client;

namespace Swim.Cli;

/// <summary>What a command gets to work with.</summary>
/// <param name="Client">Connected to the servers asked for.</param>
/// <param name="Options">Those of the client.</param>
/// <param name="Terminal">Where to read and write.</param>
/// <param name="IsJson">Print for programs.</param>
/// <param name="SameServers">What to append to a command so that it asks the same servers; empty, or beginning with a space.</param>
public sealed record CommandRun(SwimClient Client, SwimClientOptions Options, Terminal Terminal, bool IsJson, string SameServers)
{
    /// <summary>Waits for the answer of a call, and says so where that takes long.</summary>
    public Task<T> AskAsync<T>(Task<T> call) => Activity.ShowAsync(Terminal, $"Waiting for an answer of {string.Join(", ", Options.Servers)}", call);

    /// <summary>Writes the message as JSON, or by <paramref name="text"/> for people.</summary>
    public void Print<T>(T message, Action<TextWriter, T> text)
        where T : Google.Protobuf.IMessage
    {
        if (IsJson) Terminal.Out.WriteLine(JsonText.Of(message));
        else text(Terminal.Out, message);
    }
}

/// <summary>Runs the body of a command and turns whatever becomes of it into one line on standard error and an exit code.</summary>
public sealed class CommandRunner(Terminal terminal, ConnectionOptions connection)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs <paramref name="body"/>; one that <paramref name="follows"/> a workflow has all the time unless told otherwise.</summary>
    public Task<int> RunAsync(ParseResult parsed, bool follows, Func<CommandRun, CancellationToken, Task<int>> body, CancellationToken interrupted) =>
        RunAsync(parsed, follows ? System.Threading.Timeout.InfiniteTimeSpan : DefaultTimeout, body, interrupted);

    /// <summary>Runs <paramref name="body"/>, which has so long unless told otherwise.</summary>
    public Task<int> RunAsync(ParseResult parsed, TimeSpan patience, Func<CommandRun, CancellationToken, Task<int>> body, CancellationToken interrupted) =>
        ReportAsync(parsed, async isJson =>
        {
            var options = new SwimClientOptions { Servers = connection.Servers(parsed) };
            using var client = new SwimClient(options);
            var run = new CommandRun(client, options, terminal, isJson, connection.SameServers(parsed));
            return await RunInTimeAsync(run, connection.Timeout(parsed) ?? patience, body, interrupted).ConfigureAwait(false);
        });

    /// <summary>Runs a body that asks no server; it is told whether to print for programs.</summary>
    public Task<int> RunHereAsync(ParseResult parsed, Func<bool, int> body) => ReportAsync(parsed, isJson => Task.FromResult(body(isJson)));

    private async Task<int> ReportAsync(ParseResult parsed, Func<bool, Task<int>> body)
    {
        var isJson = false;
        try
        {
            isJson = connection.IsJson(parsed);
            return await body(isJson).ConfigureAwait(false);
        }
        catch (BadInputException fault)
        {
            return Report(isJson ? JsonText.Error("INVALID_ARGUMENT", fault.Message) : $"swim: {Printable.Line(fault.Message)}", ExitCode.BadInput);
        }
        catch (AmbiguousIdException fault)
        {
            return Report(isJson ? JsonText.Of(fault) : CandidateLines(fault), ExitCode.BadInput);
        }
        catch (SwimException failure)
        {
            return Report(isJson ? JsonText.Of(failure) : $"swim: {Printable.Line($"{failure.Code}: {failure.Message}")}", ExitCode.Of(failure));
        }
    }

    private async Task<int> RunInTimeAsync(
        CommandRun run, TimeSpan timeout, Func<CommandRun, CancellationToken, Task<int>> body, CancellationToken interrupted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        limit.CancelAfter(timeout);
        try
        {
            return await body(run, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return Report(run.IsJson ? JsonText.Error("CANCELLED", "Interrupted.") : "swim: interrupted", ExitCode.Interrupted);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            var message = $"Not done after {timeout.TotalSeconds} s: give --timeout more time or look again later.";
            return Report(run.IsJson ? JsonText.Error("DEADLINE_EXCEEDED", message) : $"swim: TIMEOUT: {message}", ExitCode.TimedOut);
        }
    }

    private static string CandidateLines(AmbiguousIdException fault)
    {
        using var lines = new StringWriter();
        lines.WriteLine($"swim: {Printable.Line(fault.Message)}");
        ListText.Write(lines, fault.Candidates, hasWholeIds: true);
        if (fault.HasMore) lines.WriteLine("and more");
        return lines.ToString().TrimEnd();
    }

    private int Report(string line, int code)
    {
        terminal.Error.WriteLine(line);
        return code;
    }
}
