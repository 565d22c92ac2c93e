using System.Globalization;
using Swim.V1;

namespace Swim.Cli.Output;

/// <summary>The ring for people.</summary>
public static class RingText
{
    /// <summary>A line for each member; for one workflow a line for each owner, the planner first.</summary>
    public static void Write(TextWriter writer, GetRingResponse ring)
    {
        if (ring.Bucket >= 0) WriteOwners(writer, ring);
        else WriteShares(writer, ring);
        WriteRemarks(writer, ring);
        writer.WriteLine($"ring {Printable.Line(ring.Fingerprint)}, {Text(ring.Buckets)} buckets, {Text(ring.Replicas)} home owners each");
    }

    private static void WriteRemarks(TextWriter writer, GetRingResponse ring)
    {
        Remark(writer, ring.Members.Where(static member => member.BucketsEvenBound > 0 && member.BucketsHeld > member.BucketsEvenBound), "held above 1.10 of an even share, so that copies are spread over zones");
        Remark(writer, ring.Members.Where(static member => member.Flapping), "dead again and again: no new tasks for a while");
        Remark(writer, ring.Members.Where(member => ring.OnOtherRings.Contains(member.NodeId)), "said last to have another ring");
        if (ring.Changing) writer.WriteLine("members came or went: another ring follows");
    }

    private static void Remark(TextWriter writer, IEnumerable<RingMember> members, string what)
    {
        var names = string.Join(", ", members.Select(static member => Printable.Line(member.Name)));
        if (names.Length > 0) writer.WriteLine($"{names}: {what}");
    }

    private static void WriteShares(TextWriter writer, GetRingResponse ring)
    {
        var table = new TextTable("NAME", "NODE", "STATE", "ZONE", "FIRST", "HELD", "PLANNED");
        foreach (var member in ring.Members)
        {
            table.Add(
                member.Name, member.NodeId, StateWord.Of(member.State), member.Zone.Length == 0 ? "-" : member.Zone,
                Text(member.BucketsFirst), Text(member.BucketsHeld), Text(member.BucketsPlanned));
        }

        table.WriteTo(writer);
    }

    private static void WriteOwners(TextWriter writer, GetRingResponse ring)
    {
        var table = new TextTable("NAME", "NODE", "STATE", "ROLE");
        foreach (var owner in ring.ActingOwners.Concat(ring.HomeOwners.Except(ring.ActingOwners)))
        {
            var member = ring.Members.FirstOrDefault(member => member.NodeId == owner);
            table.Add(member?.Name ?? "?", owner, StateWord.Of(member?.State ?? MemberState.Unspecified), RoleOf(ring, owner));
        }

        table.WriteTo(writer);
        writer.WriteLine($"bucket {Text(ring.Bucket)}");
    }

    private static string RoleOf(GetRingResponse ring, string owner) => (ring.HomeOwners.Contains(owner), ring.ActingOwners.IndexOf(owner)) switch
    {
        (true, 0) => "home owner, plans",
        (true, > 0) => "home owner",
        (true, _) => "home owner, down",
        (_, 0) => "stand-in, plans",
        _ => "stand-in",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
