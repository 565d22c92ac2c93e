using System.CommandLine;
using System.CommandLine.Invocation;
using Swim.Cli.Commands;
using Swim.Cli.Dev;
using Swim.Cli.Logs;
using Swim.Cli.Output;

namespace Swim.Cli;

/// <summary>The <c>swim</c> command as a whole.</summary>
public static class CommandLine
{
    // @latest and --input @FILE are words of ours; the parser would take them for files full of arguments.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Parses and runs; answers the exit code (<see cref="ExitCode"/>).</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken interrupted)
    {
        var parsed = Root(terminal).Parse(args, Parser);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await terminal.Error.WriteLineAsync($"swim: {Printable.Line(error.Message)}").ConfigureAwait(false);
            var command = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
            await terminal.Error.WriteLineAsync($"See swim{command} --help.").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        // Signals are the caller's business, and so is an exception that nobody expected.
        var invocation = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(invocation, interrupted).ConfigureAwait(false);
    }

    /// <summary>Every command with its options, ready to parse.</summary>
    public static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("A decentralized workflow orchestrator: run a node, submit workflows, look at a cluster.");
        foreach (var version in root.Options.OfType<VersionOption>()) version.Action = new PrintVersion();
        var connection = new ConnectionOptions(terminal.Environment);
        connection.AddTo(root);
        var runner = new CommandRunner(terminal, connection);
        root.Add(NodeCommand.Create(terminal));
        root.Add(DevCommand.Create(terminal, connection));
        root.Add(SubmitCommand.Create(runner));
        root.Add(GetCommand.Create(runner));
        root.Add(RunCommand.Create(runner));
        root.Add(WatchCommand.Create(runner));
        root.Add(ListCommand.Create(runner));
        root.Add(MergesCommand.Create(runner));
        root.Add(ExplainCommand.Create(runner));
        root.Add(CancelCommand.Create(runner));
        root.Add(ValidateCommand.Create(runner));
        root.Add(MembersCommand.Create(runner));
        root.Add(ReachCommand.Create(runner));
        root.Add(RttCommand.Create(runner));
        root.Add(MonitorCommand.Create(runner));
        root.Add(RingCommand.Create(runner));
        root.Add(DrainCommand.Create(runner));
        root.Add(LeaveCommand.Create(runner));
        root.Add(RemoveCommand.Create(runner));
        root.Add(new KeysCommand(runner, terminal).Create());
        root.Add(StatusCommand.Create(runner));
        root.Add(HealthCommand.Create(runner));
        root.Add(new ContextCommand(runner, connection, terminal).Create());
        root.Add(new LogCommand(runner, terminal).Create());
        root.Add(CompletionCommand.Create(runner, terminal));
        root.Add(CompletionCommand.CreateAnswering(terminal, root));
        return root;
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(BuildFacts.Describe());
            return ExitCode.Ok;
        }
    }
}
