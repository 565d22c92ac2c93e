using System.CommandLine;
using Swim.Cli.Output;

namespace Swim.Cli.Commands;

/// <summary><c>swim rtt</c>: how far members are from one another.</summary>
internal static class RttCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("rtt", "Shows the round trips from the answering node to every member, to one NODE, or between two.");
        var node = new Argument<string?>("NODE") { Description = "A member's name, the first digits of its id, or HOST:PORT of its gRPC.", Arity = ArgumentArity.ZeroOrOne };
        var other = new Argument<string?>("OTHER") { Description = "Likewise: the round trip between the two is foretold.", Arity = ArgumentArity.ZeroOrOne };
        command.Add(node);
        command.Add(other);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            var (one, two) = (parsed.GetValue(node) ?? "", parsed.GetValue(other) ?? "");
            var (from, to) = two.Length == 0 ? ("", one) : (one, two);
            run.Print(await run.AskAsync(run.Client.RttAsync(from, to, limit)).ConfigureAwait(false), RttText.Write);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }
}
