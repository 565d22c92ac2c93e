using Swim.Core.Crdt;
using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>
/// One dot names one write for ever: no two different cells that ever left a node carry the same one. A write that was lost with the disk
/// of its node and that no other node has seen never was: nobody can tell.
/// </summary>
internal sealed class NoDotReuseChecker(Simulator cluster) : IChecker, IObserver
{
    private readonly Dictionary<(int Bucket, Dot Dot), ulong> _writes = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "NoDotReuse";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnDiskSetBack(int node, bool toBackup)
    {
        foreach (var write in _writes.Keys.Where(write => !LostWrites.IsSeen(cluster, node, write.Bucket, write.Dot)).ToList()) _writes.Remove(write);
    }

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message)
    {
        foreach (var frame in Frames.Of(message)) Take(from, frame);
    }

    private void Take(int from, DeltaFrame frame)
    {
        foreach (var cell in frame.Cells)
        {
            var write = (frame.Bucket, cell.Dot);
            if (_writes.TryAdd(write, cell.Digest)) continue;
            if (_writes[write] != cell.Digest) _violation ??= $"n{from} sent another write under dot {cell.Dot} of bucket {frame.Bucket}";
        }
    }
}
