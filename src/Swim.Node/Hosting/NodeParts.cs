using Swim.Core.Primitives;
using Swim.Node.Configuration;

namespace Swim.Node.Hosting;

/// <summary>What the gRPC services need of their node.</summary>
internal sealed record NodeParts(
    NodeOptions Options, NodeId Self, string Name, ulong ClusterId, long StartedTicks, MembershipLoop Membership, StateLoop State, Counters Counters);
