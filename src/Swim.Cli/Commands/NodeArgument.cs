using System.CommandLine;
using Swim.Cli.Output;
using Swim.Client;
using Swim.Core.Workflows.Documents;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary>The argument that names a node: its name, or the first digits of its id.</summary>
internal sealed class NodeArgument
{
    private readonly Argument<string?> _node = new("NODE")
    {
        Description = "A member's name, or the first digits of its id. Without it the one node that --server names.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public NodeArgument(Command command) => command.Add(_node);

    /// <summary>A client of that node alone, for the caller to dispose of.</summary>
    /// <exception cref="BadInputException">No member is called so, or several are, or the command line leaves open which node is meant.</exception>
    public async Task<SwimClient> ConnectAsync(CommandRun run, ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_node) is { Length: > 0 } given)
        {
            var members = await run.AskAsync(run.Client.MembersAsync(cancel)).ConfigureAwait(false);
            var member = MemberOf(given, members.Members);
            return new SwimClient(run.Options with { Servers = [new ServerAddress(member.Host, member.GrpcPort)] });
        }

        return run.Options.Servers.Count == 1
            ? new SwimClient(run.Options)
            : throw new BadInputException($"Which of {string.Join(", ", run.Options.Servers)} is meant? Give a NODE, or one --server.");
    }

    private static Member MemberOf(string given, IReadOnlyCollection<Member> members)
    {
        var named = members.Where(member => member.Name == given).ToList();
        var found = named.Count > 0 ? named : members.Where(member => member.NodeId.StartsWith(given, StringComparison.OrdinalIgnoreCase)).ToList();
        return found switch
        {
            [] => throw new BadInputException($"No member is called '{given}': see swim members.{NearestName.Suggest(given, members.Select(static member => member.Name))}"),
            [{ State: MemberState.Alive or MemberState.Suspect } member] => member,
            [var gone] => throw new BadInputException($"'{given}' is {StateWord.Of(gone.State)}: it cannot be asked."),
            _ => throw new BadInputException($"'{given}' fits {string.Join(", ", found.Select(static member => $"{member.Name} ({member.NodeId})"))}: give the digits of one."),
        };
    }
}
