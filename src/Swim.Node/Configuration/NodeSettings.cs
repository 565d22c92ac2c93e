using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Swim.Core.Replication;
using Swim.Core.Workflows;

namespace Swim.Node.Configuration;

/// <summary>
/// The settings of <c>swim node</c> as one table, from which the command line, the environment and the documentation are made.
/// </summary>
public static class NodeSettings
{
    /// <summary>Every setting, in the order in which help shows them.</summary>
    public static IReadOnlyList<NodeSetting> All { get; } =
    [
        Text("data", "DIR", "Directory of the node's identity and log.", (o, v) => o with { DataDirectory = v }),
        Text("cluster", "NAME", "The cluster to belong to; the same on every node.", (o, v) => o with { Cluster = v }),
        new("seeds", "HOST[:PORT],...", "gRPC addresses of nodes to join; without any the node serves at once.", Seeds),
        Text("bind", "ADDR", "IP address to listen on; 0.0.0.0 for all.", (o, v) => o with { Bind = v }),
        Text("advertise", "HOST", "Name or address under which the others reach this node.", (o, v) => o with { Advertise = v }),
        Integer("grpc-port", "PORT", "TCP port of gRPC; 0 takes a free one.", (o, v) => o with { GrpcPort = v }),
        Integer("http-port", "PORT", "TCP port of HTTP; 0 takes a free one.", (o, v) => o with { HttpPort = v }),
        Integer("udp-port", "PORT", "UDP port of the membership protocol; 0 takes a free one.", (o, v) => o with { UdpPort = v }),
        Text("zone", "NAME", "Where the node stands; replicas are spread over zones.", (o, v) => o with { Zone = v }),
        Integer("slots", "N", "How many tasks run here at once.", (o, v) => o with { Slots = v }),
        Flag("allow-shell", "Lets shell:exec run commands on this node; where none does, documents with it are refused.", (o, v) => o with { AllowShell = v }),
        new("http-allow", "CIDR[,CIDR]", "Ranges that http:get and http:post may reach here besides public addresses.", HttpAllow),
        Flag("bootstrap", "Serves at once although seeds are given.", (o, v) => o with { Bootstrap = v }),
        Text("keys-file", "FILE", "Keys that packets of membership are sealed with, one in base64 on each line, the one that seals first; the same on every node.", (o, v) => o with { KeysFile = v }),
        Text("name", "NAME", "Shown to people.", (o, v) => o with { Name = v }),
        new("replicas", "N|all", "How many owners a workflow has, or all members; the same on every node.", Replicas),
        Integer("checkpoint-mib", "N", "MiB of log after which the state is written anew and the log before it deleted.", (o, v) => o with { CheckpointMib = v }),
        Flag("accept-log-damage", "Starts a node that has no other to ask although a part of its log cannot be read, and goes on without that part.", (o, v) => o with { AcceptLogDamage = v }),
        Duration("retention", "How long workflows are kept after their end where they do not say so; the same on every node.", (o, v) => o with { Forgetting = o.Forgetting with { Retention = v } }),
        Duration("grace", "How long a member may be cut off before forgetting waits for it; the same on every node.", (o, v) => o with { Forgetting = o.Forgetting with { Grace = v } }),
        Duration("hint-ttl", "How long a stand-in may take to hand back what it holds; the same on every node.", (o, v) => o with { Forgetting = o.Forgetting with { HintTtl = v } }),
        new("log-level", "LEVEL", "The least severe events that are logged: trace, debug, information, warning, error, critical or none.", Level),
        new("log-format", "FORMAT", "The form of the log on standard error: plain or json.", Format),
    ];

    /// <summary>
    /// The options that <paramref name="given"/> (by option name with its dashes) and, where it is silent,
    /// <paramref name="environment"/> (by variable name) ask for. Every fault is added to <paramref name="faults"/>, those of
    /// <see cref="NodeOptions.Validate"/> too; with any, the options must not be used.
    /// </summary>
    public static NodeOptions Read(
        IReadOnlyDictionary<string, string> given, Func<string, string?> environment, ICollection<string> faults)
    {
        var options = new NodeOptions();
        foreach (var setting in All)
        {
            var source = given.ContainsKey(setting.Option) ? setting.Option : setting.Variable;
            if ((given.TryGetValue(setting.Option, out var value) ? value : environment(setting.Variable)) is not { } text) continue;
            if (setting.Apply(options, text, out var fault) is { } applied) options = applied;
            else faults.Add($"{source} '{text}' {fault}");
        }

        foreach (var fault in options.Validate()) faults.Add(fault);
        return options;
    }

    private static NodeSetting Text(string name, string value, string help, Func<NodeOptions, string, NodeOptions> set) =>
        new(name, value, help, (NodeOptions options, string text, out string fault) =>
        {
            fault = "";
            return set(options, text);
        });

    private static NodeSetting Integer(string name, string value, string help, Func<NodeOptions, int, NodeOptions> set) =>
        new(name, value, help, (NodeOptions options, string text, out string fault) =>
        {
            fault = "is no whole number: give digits only.";
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? set(options, number) : null;
        });

    private static NodeSetting Duration(string name, string help, Func<NodeOptions, TimeSpan, NodeOptions> set) =>
        new(name, "TIME", help, (NodeOptions options, string text, out string fault) =>
        {
            fault = "is no length of time: give a whole number and s, m, h or d, such as 7d.";
            return DurationText.TryParse(text, out var duration) ? set(options, duration) : null;
        });

    private static NodeSetting Flag(string name, string help, Func<NodeOptions, bool, NodeOptions> set) =>
        new(name, null, help, (NodeOptions options, string text, out string fault) =>
        {
            fault = "is neither true nor false: give one of them.";
            return text is "1" or "" ? set(options, true) : text is "0" ? set(options, false) : bool.TryParse(text, out var on) ? set(options, on) : null;
        });

    private static NodeOptions? Seeds(NodeOptions options, string text, out string fault)
    {
        var seeds = new List<HostPort>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            fault = $"holds '{item}', which is no address: write HOST or HOST:PORT, several separated by commas.";
            if (!HostPort.TryParse(item, new NodeOptions().GrpcPort, out var seed)) return null;
            seeds.Add(seed);
        }

        fault = "";
        return options with { Seeds = seeds };
    }

    private static NodeOptions? HttpAllow(NodeOptions options, string text, out string fault)
    {
        var ranges = new List<IPNetwork>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            fault = $"holds '{item}', which is no range: write ADDRESS/BITS with zeros after the bits, such as 10.0.0.0/8, several separated by commas.";
            if (!IPNetwork.TryParse(item, out var range)) return null;
            ranges.Add(range);
        }

        fault = "";
        return options with { HttpAllow = ranges };
    }

    private static NodeOptions? Replicas(NodeOptions options, string text, out string fault)
    {
        fault = "is neither a whole number nor 'all': give one of them.";
        if (text == "all") return options with { Replicas = ReplicaSettings.AllMembers };
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? options with { Replicas = number } : null;
    }

    private static NodeOptions? Level(NodeOptions options, string text, out string fault)
    {
        fault = "is no level: give trace, debug, information, warning, error, critical or none.";
        return Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level) ? options with { LogLevel = level } : null;
    }

    private static NodeOptions? Format(NodeOptions options, string text, out string fault)
    {
        fault = "is no format: give plain or json.";
        return Enum.TryParse<LogFormat>(text, ignoreCase: true, out var format) && Enum.IsDefined(format) ? options with { LogFormat = format } : null;
    }
}

/// <summary>Reads one setting's text into <paramref name="options"/>; null when the text is wrong, and <paramref name="fault"/> says how to correct it.</summary>
public delegate NodeOptions? SettingReader(NodeOptions options, string text, out string fault);

/// <summary>One setting of <c>swim node</c>.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="ValueName">What help shows for its value; null for a switch, which may stand without one.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Apply">Reads its text; the empty text turns a switch on.</param>
public sealed record NodeSetting(string Name, string? ValueName, string Help, SettingReader Apply)
{
    /// <summary>On the command line.</summary>
    public string Option => "--" + Name;

    /// <summary>In the environment.</summary>
    public string Variable => "SWIM_" + Name.Replace('-', '_').ToUpperInvariant();
}
