using Swim.Core.Replication;
using Swim.Core.Ring;

namespace Swim.Simulation.Checkers;

/// <summary>
/// What repair sends after the faults besides cells is bounded by what differs: 64 bytes for an exchange that finds nothing, half a KiB
/// more for a new owner's, which names the buckets that it gained, 2 KiB more to find the buckets in
/// one that does, and for each bucket its context and what its cells take to be told apart.
/// </summary>
internal sealed class SyncBytesLinearInDiffChecker : IChecker, IObserver, IWatcher
{
    private const int ExchangeBytes = 64;
    private const int SearchBytes = 2_048;
    private const int BucketBytes = 512;
    private const int CellBytes = 40;
    private readonly RepairTally _tally = new();
    private Simulator? _cluster;

    /// <inheritdoc/>
    public string Name => "SyncBytesLinearInDiff";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public void Look(Simulator cluster) => _cluster = cluster;

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message)
    {
        if (_cluster is { IsHealed: true } cluster) _tally.Count(from, to, message, cluster.Nodes[from].Replica, cluster.Nodes[to].Replica);
    }

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        // An exchange that is under way when counting begins was opened before.
        var most = ((_tally.Exchanges + cluster.Nodes.Count) * ExchangeBytes) + (_tally.Named * BucketSet.Size) + ((_tally.Searches + 1) * SearchBytes) + (_tally.Buckets * BucketBytes) + ((_tally.Lacked + _tally.Known) * CellBytes);
        return _tally.BytesBesides <= most
            ? null
            : $"repair sent {_tally.BytesBesides} bytes besides {_tally.Lacked + _tally.Known} cells of {_tally.Buckets} buckets in {_tally.Exchanges} exchanges; at most {most} were to be";
    }
}
