using Swim.Core.Primitives;
using Swim.Core.Workflows.Tools;
using Swim.Node.Configuration;
using Swim.Node.Transport;
using Swim.Node.Transport.Sealing;

namespace Swim.Node.Hosting;

/// <summary>What the gRPC services need of their node.</summary>
internal sealed record NodeParts(
    NodeOptions Options, NodeId Self, string Name, ulong ClusterId, long StartedTicks, MembershipLoop Membership, StateLoop State, Counters Counters)
{
    /// <summary>Places for followers of workflows.</summary>
    public WatchPlaces Watches { get; } = new();

    /// <summary>Takes the node out of its cluster.</summary>
    public required Departure Departure { get; init; }

    /// <summary>To the other nodes.</summary>
    public required PeerChannels Channels { get; init; }

    /// <summary>The keys that packets are sealed with; null where the node has none.</summary>
    public KeyKeeper? Keys { get; init; }

    /// <summary>Cancelled when the node begins to stop.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>True while it has joined, its clock is not off, and its disk takes what it writes: new work is best sent here.</summary>
    public bool IsReady => Membership.IsReady && !State.IsClockOff && !State.IsDiskFull;

    /// <summary>True when a member that is up, or this node, can run <paramref name="tool"/>.</summary>
    public bool CanSomebodyRun(string tool) =>
        ToolCatalog.CapabilityFor(tool) is not { } capability || Membership.Members.Members.Values.Any(member => member.IsLive && member.Meta.Has(capability));
}
