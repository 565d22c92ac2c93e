using System.CommandLine;
using Swim.Cli.Output;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary><c>swim remove</c>: takes a dead member off the ring for good.</summary>
internal static class RemoveCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("remove", "Takes a member that is dead or left off the ring for good; the others then hold what it held. To take a running node out, use swim leave.");
        var node = new Argument<string>("NODE") { Description = "A member's name, the first digits of its id, or HOST:PORT of its gRPC." };
        var force = new Option<bool>("--force") { Description = "Also where most members cannot be reached." };
        command.Add(node);
        command.Add(force);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            var request = new RemoveMemberRequest { Member = parsed.GetValue(node), Force = parsed.GetValue(force) };
            var answer = await run.AskAsync(run.Client.RemoveMemberAsync(request, limit)).ConfigureAwait(false);
            run.Print(answer, Write);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    private static void Write(TextWriter writer, RemoveMemberResponse answer)
    {
        var how = (answer.Existing, answer.Durable) switch
        {
            (true, _) => "was removed before",
            (_, true) => "removed",
            _ => "removed, so far on one disk only",
        };
        writer.WriteLine(Printable.Line($"{answer.Name} ({answer.NodeId})  {how}"));
        if (answer.Warning.Length > 0) writer.WriteLine(Printable.Line($"{answer.MembersReachable} of {answer.Members} members were reached. {answer.Warning}"));
    }
}
