using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>New writes on their way through the cluster. Idempotent, like the frame it carries.</summary>
/// <param name="Origin">The node that wrote them: it is never told, and owners acknowledge to it.</param>
/// <param name="Frame">The writes; passed on with the cells that stand at who passes it on.</param>
public sealed record Rumour(NodeId Origin, DeltaFrame Frame);

/// <summary>What one node tells another in one round of gossip.</summary>
public sealed record GossipCells(IReadOnlyList<Rumour> Rumours) : PeerMessage;

/// <summary>What is to be done in one round of gossip.</summary>
/// <param name="Messages">One message for each peer that is told something.</param>
/// <param name="Sync">A peer and a bucket to be compared by context; null where nobody else holds one.</param>
internal sealed record GossipRound(IReadOnlyList<(NodeId To, IReadOnlyList<Rumour> Rumours)> Messages, (NodeId Peer, int Bucket)? Sync);
