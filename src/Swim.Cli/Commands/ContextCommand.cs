using System.CommandLine;
using System.Text.Json.Nodes;
using Swim.Cli.Contexts;
using Swim.Cli.Output;
using Swim.Client;

namespace Swim.Cli.Commands;

/// <summary><c>swim context</c>: names for the clusters one works with.</summary>
internal sealed class ContextCommand(CommandRunner runner, ConnectionOptions connection, Terminal terminal)
{
    public Command Create()
    {
        var command = new Command("context", "Keeps names for sets of nodes, so that a cluster is called by its name.");
        command.Add(Add());
        command.Add(Named("use", "Takes a context into use for all commands that name no servers.", static (contexts, name) =>
        {
            contexts.Use(name);
            return $"using {name}: {Addresses(contexts[name])}";
        }));
        command.Add(Named("remove", "Forgets a context.", static (contexts, name) =>
        {
            contexts.Remove(name);
            return $"removed {name}";
        }));
        command.Add(List());
        command.Add(Current());
        return command;
    }

    private Command Add()
    {
        var command = new Command("add", "Keeps a set of addresses under a name, in the place of one with that name.");
        var name = new Argument<string>("NAME") { Description = "Letters, digits, dots, dashes and underscores." };
        var addresses = new Argument<string[]>("ADDRESS") { HelpName = "HOST[:PORT],...", Description = "gRPC addresses of nodes of one cluster, tried in this order.", Arity = ArgumentArity.OneOrMore };
        command.Add(name);
        command.Add(addresses);
        command.SetAction(parsed => Change(parsed, contexts =>
        {
            var (given, text) = (parsed.GetRequiredValue(name), string.Join(',', parsed.GetRequiredValue(addresses)));
            if (!ServerAddress.TryParseList(text, out var servers, out var faulty)) throw new BadInputException($"'{faulty}' is no address: write HOST or HOST:PORT.");
            return $"{(contexts.Set(given, servers) ? "added" : "changed")} {given}: {Addresses(servers)}";
        }));
        return command;
    }

    private Command Named(string verb, string what, Func<ContextSet, string, string> change)
    {
        var command = new Command(verb, what);
        var name = new Argument<string>("NAME") { Description = "The context's name.", CompletionSources = { _ => connection.ContextNames() } };
        command.Add(name);
        command.SetAction(parsed => Change(parsed, contexts => change(contexts, parsed.GetRequiredValue(name))));
        return command;
    }

    private Command List()
    {
        var command = new Command("list", "Lists the contexts; the one in use has a star.");
        command.SetAction(parsed => runner.RunHereAsync(parsed, isJson =>
        {
            var contexts = connection.Contexts();
            if (isJson) terminal.Out.WriteLine(Json(contexts));
            else Write(contexts, connection.ContextName(parsed));
            return ExitCode.Ok;
        }));
        return command;
    }

    private Command Current()
    {
        var command = new Command("current", "Prints the name of the context in use; exit code 2 where none is.");
        command.SetAction(parsed => runner.RunHereAsync(parsed, isJson =>
        {
            var name = connection.ContextName(parsed) ?? throw new BadInputException("No context is in use: see swim context use.");
            var servers = connection.Contexts()[name];
            terminal.Out.WriteLine(isJson ? Json(name, servers).ToJsonString() : name);
            if (terminal.Environment(ConnectionOptions.ServerVariable) is { Length: > 0 }) terminal.Error.WriteLine($"swim: ${ConnectionOptions.ServerVariable} is set and goes before it");
            return ExitCode.Ok;
        }));
        return command;
    }

    private Task<int> Change(ParseResult parsed, Func<ContextSet, string> change) => runner.RunHereAsync(parsed, isJson =>
    {
        var file = connection.File ?? throw new BadInputException("There is no place for contexts: set XDG_CONFIG_HOME or HOME.");
        var contexts = file.Read();
        var done = change(contexts);
        file.Write(contexts);
        terminal.Out.WriteLine(isJson ? Json(contexts) : done);
        return ExitCode.Ok;
    });

    private void Write(ContextSet contexts, string? inUse)
    {
        var table = new TextTable("NAME", "SERVERS");
        foreach (var (name, servers) in contexts.Contexts) table.Add(name == inUse ? $"{name} *" : name, Addresses(servers));
        table.WriteTo(terminal.Out);
    }

    private static string Addresses(IEnumerable<ServerAddress> servers) => string.Join(", ", servers);

    private static string Json(ContextSet contexts) => new JsonObject
    {
        ["current"] = contexts.Current,
        ["contexts"] = new JsonArray([.. contexts.Contexts.Select(static context => Json(context.Key, context.Value))]),
    }.ToJsonString();

    private static JsonObject Json(string name, IEnumerable<ServerAddress> servers) =>
        new() { ["name"] = name, ["servers"] = new JsonArray([.. servers.Select(static server => JsonValue.Create(server.ToString()))]) };
}
