using System.CommandLine;
using Swim.Cli.Completion;
using Swim.Core.Workflows.Documents;

namespace Swim.Cli.Commands;

/// <summary><c>swim completion</c>, and <c>swim complete</c>, which its scripts ask.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommandRunner runner, Terminal terminal)
    {
        var command = new Command("completion", "Prints a script by which a shell completes this command.");
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", Scripts.Shells) + ".", CompletionSources = { _ => Scripts.Shells } };
        command.Add(shell);
        command.SetAction(parsed => runner.RunHereAsync(parsed, _ =>
        {
            var given = parsed.GetRequiredValue(shell);
            if (!Scripts.Shells.Contains(given))
                throw new BadInputException($"There is no script for '{given}': give {string.Join(", ", Scripts.Shells)}.{NearestName.Suggest(given, Scripts.Shells)}");
            terminal.Out.Write(Scripts.For(given));
            return ExitCode.Ok;
        }));
        return command;
    }

    /// <summary>The hidden command behind the scripts: a line for each word that may come next, with a tab before what it means.</summary>
    public static Command CreateAnswering(Terminal terminal, RootCommand root)
    {
        var command = new Command("complete", "Prints what may come next on a command line.") { Hidden = true };
        var line = new Argument<string>("LINE") { Description = "The line up to the cursor." };
        command.Add(line);
        command.SetAction(parsed =>
        {
            foreach (var reply in Completer.Complete(root, ShellWords.Split(parsed.GetRequiredValue(line)))) terminal.Out.WriteLine($"{reply.Word}\t{reply.Description}");
            return ExitCode.Ok;
        });
        return command;
    }
}
