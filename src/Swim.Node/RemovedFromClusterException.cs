namespace Swim.Node;

/// <summary>
/// The node was removed from its cluster by an operator. What it held is put aside at its next start, by which it joins again as a newcomer.
/// </summary>
public sealed class RemovedFromClusterException(ulong epoch)
    : Exception($"This node was removed from its cluster, as it was up to its start number {epoch}: its state is put aside, and it starts anew.")
{
    /// <summary>The last of the node's boot counters that is removed.</summary>
    public ulong Epoch => epoch;
}
