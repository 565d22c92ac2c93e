using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swim.Node;

namespace Swim.Cli.Dev;

/// <summary>What <c>swim dev</c> prints when all nodes are ready.</summary>
internal static class DevText
{
    /// <summary>How the command was called, where it is not <c>swim</c>; <c>scripts/swim.sh</c> sets it.</summary>
    public const string CommandVariable = "SWIM_COMMAND";

    private const string Hello = """{name: hello, tasks: [{id: greet, tool: "builtin:echo", arguments: {value: "Hello from every node"}}], output: "$OUTPUT[greet]"}""";

    /// <summary>The addresses and a first command, for people.</summary>
    public static string Ready(IReadOnlyList<NodeHost> nodes, DevDirectory directory, TimeSpan took, Func<string, string?> environment)
    {
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"ready: {nodes.Count} {(nodes.Count == 1 ? "node" : "nodes")} after {took.TotalSeconds:0.0} s, data in {directory.Path}{(directory.IsTemporary ? " until the end" : "")}"),
        };
        lines.AddRange(nodes.Select(static node => $"  {node.Name,-4} grpc {Address(node.GrpcPort),-16} http {Address(node.HttpPort)}"));
        lines.Add($"try: {FirstCommand(nodes, environment(CommandVariable) ?? "swim")}");
        lines.Add("Ctrl-C ends it.");
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>The same in one line, for programs.</summary>
    public static string ReadyJson(IReadOnlyList<NodeHost> nodes, DevDirectory directory, TimeSpan took) => new JsonObject
    {
        ["ready"] = true,
        ["ready_ms"] = (long)took.TotalMilliseconds,
        ["data"] = directory.Path,
        ["temporary"] = directory.IsTemporary,
        ["nodes"] = new JsonArray([.. nodes.Select(static node => (JsonNode)new JsonObject
        {
            ["name"] = node.Name,
            ["grpc"] = Address(node.GrpcPort),
            ["http"] = Address(node.HttpPort),
            ["udp"] = Address(node.UdpPort),
        })]),
    }.ToJsonString(new JsonSerializerOptions());

    // Of the last node, so that it is seen that any will do.
    private static string FirstCommand(IReadOnlyList<NodeHost> nodes, string command) =>
        $"echo '{Hello}' | {command} run - -s {Address(nodes[^1].GrpcPort)}";

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
