using System.Globalization;

namespace Swim.Cli.Dev;

/// <summary>What <c>swim dev</c> was asked for.</summary>
/// <param name="Nodes">How many nodes; null for as many as the directory holds.</param>
/// <param name="Port">The first gRPC port; 0 for any.</param>
/// <param name="Data">The directory to keep; null for a temporary one.</param>
/// <param name="AllowShell">Whether <c>shell:exec</c> may run.</param>
/// <param name="LogLevel">As written.</param>
internal sealed record DevPlan(int? Nodes, int Port, string? Data, bool AllowShell, string LogLevel)
{
    /// <summary>More say nothing that fewer do not, and one process has to carry them all.</summary>
    public const int NodesMax = 16;

    public const int NodesDefault = 3;
    public const int PortDefault = 7400;

    // gRPC, HTTP, UDP.
    private const int PortsOfNode = 3;
    private const int PortStep = 10;

    /// <summary>How many nodes to start where the directory holds <paramref name="held"/>.</summary>
    /// <exception cref="BadInputException">The number is out of range, or less than the directory holds.</exception>
    public int NodesOver(int held)
    {
        var nodes = Nodes ?? (held > 0 ? held : NodesDefault);
        if (nodes is < 1 or > NodesMax) throw Fault($"--nodes {nodes} is out of range: give 1 to {NodesMax}.");
        // A node that is missing keeps its place on the ring: the others would wait for it for ever.
        if (nodes < held) throw Fault($"--nodes {nodes} is less than the {held} nodes in {Data}: give {held} or more, or another directory.");
        return nodes;
    }

    /// <summary>The gRPC port of a node, HTTP and UDP being the next two; 0 where any will do.</summary>
    public int PortOf(int node) => Port == 0 ? 0 : Port + (PortStep * node);

    /// <summary>Every port that must be free.</summary>
    /// <exception cref="BadInputException">One of them is no port.</exception>
    public IReadOnlyList<int> Ports(int nodes)
    {
        if (Port == 0) return [];
        var last = PortOf(nodes - 1) + PortsOfNode - 1;
        if (Port < 0 || last > ushort.MaxValue)
            throw Fault($"--port {Port} is out of range: {nodes} nodes need 1 to {ushort.MaxValue - last + Port}, or 0 for any free ones.");
        return [.. Enumerable.Range(0, nodes).SelectMany(node => Enumerable.Range(PortOf(node), PortsOfNode))];
    }

    private static BadInputException Fault(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
