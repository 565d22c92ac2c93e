using System.CommandLine;
using Swim.Core.Storage;
using Swim.Node.Disk;

namespace Swim.Cli.Logs;

/// <summary><c>swim log</c>: what lies in the directory of a node that does not run. Changes nothing.</summary>
internal sealed class LogCommand(CommandRunner runner, Terminal terminal)
{
    public Command Create()
    {
        var command = new Command("log", "Looks at the log in the directory of a node that does not run; changes nothing.");
        command.Add(Looking("inspect", "Lists the checkpoint and the files of the log, and how much is in each.", (isJson, look) =>
        {
            if (isJson) terminal.Out.WriteLine(LogText.Json(look));
            else LogText.Write(terminal.Out, look);
            return ExitCode.Ok;
        }));
        command.Add(Looking("verify", "Reads everything; a line for each fault, exit code 1 if there are any.", (isJson, look) =>
        {
            if (isJson) terminal.Out.WriteLine(LogText.Json(look));
            else LogText.WriteVerdict(terminal.Out, look);
            return look.Faults.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
        }));
        return command;
    }

    private Command Looking(string name, string what, Func<bool, LogInspection, int> show)
    {
        var command = new Command(name, what);
        var directory = new Argument<string>("DIR") { Description = "The node's directory, as --data of swim node names it." };
        command.Add(directory);
        command.SetAction(parsed => runner.RunHereAsync(parsed, isJson => show(isJson, Look(parsed.GetRequiredValue(directory)))));
        return command;
    }

    private static LogInspection Look(string directory)
    {
        try
        {
            var look = LogInspection.Of(ReadOnlyDirectory.Open(directory));
            return look.IsEmpty ? throw new BadInputException($"{directory} holds no log: name the directory of a node.") : look;
        }
        catch (DirectoryInUseException)
        {
            throw new BadInputException($"{directory} is in use by a running node: stop it first, or look at a copy.");
        }
        catch (DiskException failure)
        {
            throw new BadInputException(failure.Message);
        }
    }
}
