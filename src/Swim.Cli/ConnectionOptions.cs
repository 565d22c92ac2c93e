using System.CommandLine;
using Swim.Cli.Contexts;
using Swim.Client;

namespace Swim.Cli;

/// <summary>The options that every command takes: whom to ask, how to answer, how long to wait.</summary>
/// <param name="environment">The value of an environment variable; null when it is not set.</param>
public sealed class ConnectionOptions(Func<string, string?> environment)
{
    /// <summary>Names the servers where the command line does not.</summary>
    public const string ServerVariable = "SWIM_SERVER";

    /// <summary>Names the context where the command line and <see cref="ServerVariable"/> name no servers.</summary>
    public const string ContextVariable = "SWIM_CONTEXT";

    private readonly Option<string?> _server = new("--server", "-s")
    {
        Description = $"gRPC addresses of nodes, tried in this order. Without it ${ServerVariable}, else the context in use, else 127.0.0.1:{ServerAddress.DefaultPort}.",
        HelpName = "HOST[:PORT],...",
        Recursive = true,
    };

    private readonly Option<string?> _context = new("--context")
    {
        Description = $"A name that swim context keeps for a set of nodes. Without it ${ContextVariable}, else the one in use.",
        HelpName = "NAME",
        Recursive = true,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "How to print: text for people, json for programs.",
        HelpName = "text|json",
        Recursive = true,
        CompletionSources = { "text", "json" },
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<string?> _timeout = new("--timeout")
    {
        Description = "How long the whole command may take: 500ms, 30s, 2m. Without it 30s, and no limit while following a workflow.",
        HelpName = "TIME",
        Recursive = true,
    };

    /// <summary>Where the contexts are kept; null where the environment names no place.</summary>
    public ContextFile? File { get; } = ContextFile.Of(environment);

    /// <summary>Adds them to the root, and by that to every command.</summary>
    public void AddTo(RootCommand root)
    {
        _context.CompletionSources.Add(_ => ContextNames());
        root.Add(_server);
        root.Add(_context);
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
    public string SameServers(ParseResult parsed) =>
        parsed.GetValue(_server) is { } servers ? $" -s {servers}" : parsed.GetValue(_context) is { } context ? $" --context {context}" : "";

    /// <summary>
    /// The addresses to ask: what the command line says, <c>--server</c> or <c>--context</c>; else what the environment says, servers before a
    /// context; else the context in use; else the default.
    /// </summary>
    /// <exception cref="BadInputException">An address is wrong, there is no such context, or the command line names both.</exception>
    public IReadOnlyList<ServerAddress> Servers(ParseResult parsed)
    {
        if (parsed.GetValue(_server) is { } given)
            return parsed.GetValue(_context) is null ? Read("--server", given) : throw new BadInputException("--server and --context both say whom to ask: give one.");
        if (parsed.GetValue(_context) is null && Variable(ServerVariable) is { } text) return Read(ServerVariable, text);
        return ContextName(parsed) is { } name ? Contexts()[name] : new SwimClientOptions().Servers;
    }

    /// <summary>The context that is asked for or in use; null where there is none.</summary>
    /// <exception cref="BadInputException">The file of contexts is wrong.</exception>
    public string? ContextName(ParseResult parsed) => parsed.GetValue(_context) ?? Variable(ContextVariable) ?? Contexts().Current;

    /// <summary>The contexts that are kept.</summary>
    /// <exception cref="BadInputException">Their file is wrong.</exception>
    public ContextSet Contexts() => File?.Read() ?? new ContextSet([]);

    /// <summary>The names of all contexts, for completion; none where their file is wrong.</summary>
    public IEnumerable<string> ContextNames()
    {
        try
        {
            return Contexts().Contexts.Keys;
        }
        catch (BadInputException)
        {
            return []; // The command itself will say so.
        }
    }

    // An empty variable is one that is not set, as shells clear them.
    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    private static IReadOnlyList<ServerAddress> Read(string source, string text) => ServerAddress.TryParseList(text, out var servers, out var faulty)
        ? servers
        : throw new BadInputException($"{source}: '{faulty}' is no address: write HOST or HOST:PORT, several separated by commas.");
}
