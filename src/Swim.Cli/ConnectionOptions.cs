using System.CommandLine;
using Swim.Client;

namespace Swim.Cli;

/// <summary>The options that every command takes: whom to ask, how to answer, how long to wait.</summary>
public sealed class ConnectionOptions
{
    /// <summary>Names the servers where <c>--server</c> does not.</summary>
    public const string ServerVariable = "SWIM_SERVER";

    private readonly Option<string?> _server = new("--server", "-s")
    {
        Description = $"gRPC addresses of nodes, tried in this order. Without it ${ServerVariable}, else 127.0.0.1:{ServerAddress.DefaultPort}.",
        HelpName = "HOST[:PORT],...",
        Recursive = true,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "How to print: text for people, json for programs.",
        HelpName = "text|json",
        Recursive = true,
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<string?> _timeout = new("--timeout")
    {
        Description = "How long the whole command may take: 500ms, 30s, 2m. Without it 30s, and no limit while following a workflow.",
        HelpName = "TIME",
        Recursive = true,
    };

    /// <summary>Adds them to the root, and by that to every command.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(_server);
        root.Add(_output);
        root.Add(_timeout);
    }

    /// <summary>True for <c>-o json</c>.</summary>
    /// <exception cref="BadInputException">Neither text nor json.</exception>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_output) switch
    {
        "json" => true,
        "text" => false,
        var other => throw new BadInputException($"--output '{other}' is no format: give text or json."),
    };

    /// <summary>The time given, or null.</summary>
    /// <exception cref="BadInputException">Not a time.</exception>
    public TimeSpan? Timeout(ParseResult parsed)
    {
        if (parsed.GetValue(_timeout) is not { } text) return null;
        return Duration.TryParse(text, out var timeout)
            ? timeout
            : throw new BadInputException($"--timeout '{text}' is no time: write a number with ms, s, m or h, more than zero and at most 7 days.");
    }

    /// <summary>What to append to a command so that it asks the same servers as this one; empty where it would anyway.</summary>
    public string SameServers(ParseResult parsed) => parsed.GetValue(_server) is { } given ? $" -s {given}" : "";

    /// <summary>The addresses given, or those of the environment, or the default.</summary>
    /// <exception cref="BadInputException">An address is wrong.</exception>
    public IReadOnlyList<ServerAddress> Servers(ParseResult parsed, Func<string, string?> environment)
    {
        var given = parsed.GetValue(_server);
        if ((given ?? environment(ServerVariable)) is not { } text || (given is null && text.Length == 0)) return new SwimClientOptions().Servers;
        return ServerAddress.TryParseList(text, out var servers, out var faulty)
            ? servers
            : throw new BadInputException($"{(given is null ? ServerVariable : "--server")}: '{faulty}' is no address: write HOST or HOST:PORT, several separated by commas.");
    }
}
