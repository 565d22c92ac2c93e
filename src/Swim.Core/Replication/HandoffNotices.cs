using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>Buckets that this node holds for others cannot be handed over: a home owner of them is down. Said once a minute while it is so.</summary>
/// <param name="For">Who is down.</param>
/// <param name="Buckets">How many buckets wait for it.</param>
public sealed record HandoffWaits(NodeId For, int Buckets) : Notice;

/// <summary>What a node holds and should not.</summary>
/// <param name="Left">How many buckets, as of the last look.</param>
/// <param name="Waiting">How many of them wait for each home owner that is down.</param>
/// <param name="Dropped">How many were handed over and dropped since the node started.</param>
public sealed record HandoffLook(int Left, IReadOnlyDictionary<NodeId, int> Waiting, long Dropped);
