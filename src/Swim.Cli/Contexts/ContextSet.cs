using System.Text.Json.Nodes;
using Swim.Client;
using Swim.Core.Workflows.Documents;

namespace Swim.Cli.Contexts;

/// <summary>Named sets of addresses, and which of them is in use. Names are up to 64 letters, digits, dots, dashes and underscores.</summary>
public sealed class ContextSet
{
    private const int NameLengthMax = 64;
    private const int ServersMax = 100;
    private const int ContextsMax = 1_000;

    private readonly SortedDictionary<string, IReadOnlyList<ServerAddress>> _contexts = new(StringComparer.Ordinal);

    /// <summary>Reads <c>{"current": NAME, "contexts": {NAME: {"servers": [ADDRESS, ...]}}}</c>.</summary>
    /// <exception cref="ArgumentException">It is something else; the message says what.</exception>
    public ContextSet(JsonObject root)
    {
        Root = root;
        Current = root["current"] is null ? null : Text(root["current"], "current");
        if (root["contexts"] is not { } contexts) return;
        if (contexts is not JsonObject named) throw new ArgumentException("contexts is no object");
        foreach (var (name, context) in named.Take(ContextsMax)) _contexts[name] = Servers(name, context);
    }

    /// <summary>The file's content, with what this version does not know.</summary>
    public JsonObject Root { get; }

    /// <summary>The name of the one in use; null when none is.</summary>
    public string? Current { get; private set; }

    /// <summary>All of them by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ServerAddress>> Contexts => _contexts;

    /// <summary>The addresses of a context.</summary>
    /// <exception cref="BadInputException">There is none of that name.</exception>
    public IReadOnlyList<ServerAddress> this[string name] => _contexts.TryGetValue(name, out var servers)
        ? servers
        : throw new BadInputException($"There is no context '{name}': see swim context list.{NearestName.Suggest(name, _contexts.Keys)}");

    /// <summary>Puts a context there, in the place of one with that name; true when there was none.</summary>
    /// <exception cref="BadInputException">The name or the number of addresses is not allowed.</exception>
    public bool Set(string name, IReadOnlyList<ServerAddress> servers)
    {
        if (!IsName(name)) throw new BadInputException($"'{name}' cannot be the name of a context: use up to {NameLengthMax} letters, digits, dots, dashes and underscores, no dash first.");
        if (servers.Count is 0 or > ServersMax) throw new BadInputException($"A context has 1 to {ServersMax} addresses, and these are {servers.Count}.");
        var isNew = !_contexts.ContainsKey(name);
        if (isNew && _contexts.Count == ContextsMax) throw new BadInputException($"There are {ContextsMax} contexts: remove one first.");
        _contexts[name] = servers;
        if (Root["contexts"] is not JsonObject all) Root["contexts"] = all = [];
        if (all[name] is not JsonObject context) all[name] = context = [];
        context["servers"] = new JsonArray([.. servers.Select(static server => JsonValue.Create(server.ToString()))]);
        return isNew;
    }

    /// <summary>Takes a context into use.</summary>
    /// <exception cref="BadInputException">There is none of that name.</exception>
    public void Use(string name)
    {
        _ = this[name];
        Root["current"] = Current = name;
    }

    /// <summary>Removes a context; where it was in use, none is.</summary>
    /// <exception cref="BadInputException">There is none of that name.</exception>
    public void Remove(string name)
    {
        _ = this[name];
        _contexts.Remove(name);
        ((JsonObject)Root["contexts"]!).Remove(name);
        if (Current != name) return;
        Current = null;
        Root.Remove("current");
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax && name[0] != '-' && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static IReadOnlyList<ServerAddress> Servers(string name, JsonNode? context)
    {
        var texts = (context as JsonObject)?["servers"] is JsonArray { Count: > 0 and <= ServersMax } array
            ? array.Select(server => Text(server, name))
            : throw new ArgumentException($"context {name} has no servers");
        return [.. texts.Select(text => ServerAddress.TryParse(text, out var address) ? address : throw new ArgumentException($"context {name}: '{text}' is no address"))];
    }

    private static string Text(JsonNode? node, string place) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new ArgumentException($"{place} is no text");
}
