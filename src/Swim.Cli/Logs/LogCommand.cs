using System.CommandLine;
using Swim.Core.Replication;
using Swim.Core.Storage;
using Swim.Node.Disk;
using Command = System.CommandLine.Command;

namespace Swim.Cli.Logs;

/// <summary><c>swim log</c>: what lies in the directory of a node that does not run. Changes nothing.</summary>
internal sealed class LogCommand(CommandRunner runner, Terminal terminal)
{
    public Command Create()
    {
        var command = new Command("log", "Looks at the log in the directory of a node that does not run; changes nothing.");
        command.Add(Inspecting());
        command.Add(Looking("verify", "Reads everything; a line for each fault, exit code 1 if there are any.", (isJson, look) =>
        {
            if (isJson) terminal.Out.WriteLine(LogText.Json(look));
            else LogText.WriteVerdict(terminal.Out, look);
            return look.Faults.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
        }));
        return command;
    }

    private Command Inspecting()
    {
        var command = new Command("inspect", "Lists the checkpoint and the files of the log, and how much is in each.");
        var directory = Directory();
        var buckets = new Option<bool>("--buckets") { Description = "Also reads the state, and shows a digest of each bucket: equal on two nodes that hold the same." };
        command.Add(directory);
        command.Add(buckets);
        command.SetAction(parsed => runner.RunHereAsync(parsed, isJson =>
        {
            IReadOnlyList<StoredBucket>? stored = null;
            var look = Look(parsed.GetRequiredValue(directory), disk =>
            {
                if (!parsed.GetValue(buckets)) return LogInspection.Of(disk);
                (var log, stored) = StoredBuckets.Of(disk);
                return log;
            });
            if (isJson) terminal.Out.WriteLine(LogText.Json(look, stored));
            else LogText.Write(terminal.Out, look, stored);
            return ExitCode.Ok;
        }));
        return command;
    }

    private Command Looking(string name, string what, Func<bool, LogInspection, int> show)
    {
        var command = new Command(name, what);
        var directory = Directory();
        command.Add(directory);
        command.SetAction(parsed => runner.RunHereAsync(parsed, isJson => show(isJson, Look(parsed.GetRequiredValue(directory), LogInspection.Of))));
        return command;
    }

    private static Argument<string> Directory() => new("DIR") { Description = "The node's directory, as --data of swim node names it." };

    private static LogInspection Look(string directory, Func<ReadOnlyDirectory, LogInspection> inspect)
    {
        try
        {
            var look = inspect(ReadOnlyDirectory.Open(directory));
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
