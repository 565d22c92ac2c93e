using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Swim.Benchmarks;

/// <summary>A program whose members find each other: how one is started, and by what its log shows what it believes.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Command">What starts a member of that name; given the address to join (null for the first) and a folder of its own.</param>
/// <param name="Ready">The line of a member that is there; its group "address" is what others join.</param>
/// <param name="Joined">The line that says that another joined; its group "name" is whom.</param>
/// <param name="Failed">The same of one that failed.</param>
/// <param name="Threads">The names of the threads that run membership alone, where there are such.</param>
public sealed record AgentKind(
    string Name, Func<string, string?, string, IReadOnlyList<string>> Command, Regex Ready, Regex Joined, Regex Failed, IReadOnlyList<string> Threads)
{
    /// <summary>A node of this repository, as <c>swim node</c> starts it; its defaults but for the log.</summary>
    public static AgentKind Swim(string dll) => new(
        "swim",
        (name, join, data) =>
        [
            "dotnet", dll, "node", "--name", name, "--data", data, "--cluster", "bench", "--log-level", "information",
            "--grpc-port", "0", "--http-port", "0", "--udp-port", "0", .. join is null ? Array.Empty<string>() : ["--seeds", join],
        ],
        new Regex("^ready .*\\bgrpc=(?<address>[^ ]+)"),
        new Regex("MemberJoined \\{.*\\bName = (?<name>[^ ,]+)"),
        new Regex("MemberDied \\{.*\\bName = (?<name>[^ ,]+)"),
        ["swim-membership", "swim-udp"]);

    /// <summary>An agent of HashiCorp's serf with its defaults for a local network.</summary>
    public static AgentKind Serf(string path) => new(
        "serf",
        (name, join, _) =>
        [
            path, "agent", "-node", name, "-bind", Loopback(FreePort()), "-rpc-addr", Loopback(FreePort()), .. join is null ? Array.Empty<string>() : ["-join", join],
        ],
        new Regex("Bind addr: '(?<address>[^']+)'"),
        new Regex("EventMemberJoin: (?<name>[^ ]+)"),
        new Regex("EventMemberFailed: (?<name>[^ ]+)"),
        []);

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
