using System.Globalization;
using Swim.V1;

namespace Swim.Cli.Output;

/// <summary>Members and a node's status for people.</summary>
public static class ClusterText
{
    /// <summary>A line for each member; the answering node has a star.</summary>
    public static void Write(TextWriter writer, GetMembersResponse members)
    {
        var table = new TextTable("NAME", "NODE", "STATE", "ADDRESS", "HTTP", "UDP", "ZONE", "EPOCH", "INCARNATION", "RTT");
        foreach (var member in members.Members)
        {
            table.Add(
                member.Name + (member.Self ? " *" : ""), member.NodeId, StateWord.Of(member.State), $"{member.Host}:{Text(member.GrpcPort)}",
                Text(member.HttpPort), Text(member.UdpPort), member.Zone.Length == 0 ? "-" : member.Zone, Text(member.Epoch), Text(member.Incarnation), RttText.Of(member.RttUs));
        }

        table.WriteTo(writer);
        writer.WriteLine($"view {Printable.Line(members.ViewFingerprint)}");
    }

    /// <summary>A line for each other member.</summary>
    public static void Write(TextWriter writer, GetReachResponse reach)
    {
        var table = new TextTable("NAME", "NODE", "STATE", "ANSWERS BY", "LAST ANSWER", "GRPC", "UDP");
        foreach (var member in reach.Members)
        {
            table.Add(
                member.Name, member.NodeId, StateWord.Of(member.State), WayOf(member), member.HeardMs < 0 ? "-" : $"{Text(member.HeardMs)} ms ago",
                $"{member.Host}:{Text(member.GrpcPort)}", $"{member.Host}:{Text(member.UdpPort)}");
        }

        table.WriteTo(writer);
    }

    /// <summary>A line for each fact; counters that are zero are left out.</summary>
    public static void Write(TextWriter writer, GetStatusResponse status)
    {
        var table = new TextTable("node", $"{Printable.Line(status.Name)} ({Printable.Line(status.NodeId)})");
        table.Add("cluster", status.Cluster);
        table.Add("version", $"{status.Version} {status.Build}");
        table.Add("ready", status.Ready ? "yes" : "no");
        table.Add("up", $"{Text(status.UptimeMs / 1_000)} s");
        table.Add("members", $"{Text(status.MembersAlive)} alive of {Text(status.MembersKnown)}");
        table.Add("ring", status.RingFingerprint);
        table.Add("workflows", $"{Text(status.Workflows)} held here, {Text(status.WorkflowsRunning)} running");
        table.Add("cells", Text(status.Cells));
        if (status.LostCells > 0) table.Add("lost and found", $"{Text(status.LostCells)} cells of {Text(status.LostWorkflows)} workflows, held before this node was removed and seen by no owner in reach");
        table.Add("log", $"position {Text(status.LogPosition)}, {Text(status.LogBytes)} bytes");
        table.Add("slots", $"{Text(status.SlotsBusy)} busy of {Text(status.Slots)}");
        foreach (var (name, count) in status.Counters.OrderBy(counter => counter.Key, StringComparer.Ordinal))
        {
            if (count != 0) table.Add(name, Text(count));
        }

        table.WriteTo(writer);
    }

    private static string WayOf(MemberReach member) => member.Way switch
    {
        ReachWay.Udp => "UDP",
        ReachWay.Helper => $"UDP through another member; not directly {Text(member.Missed)} times in a row",
        ReachWay.Stream => $"gRPC; not by UDP {Text(member.Missed)} times in a row",
        _ => "-",
    };

    private static string Text<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
