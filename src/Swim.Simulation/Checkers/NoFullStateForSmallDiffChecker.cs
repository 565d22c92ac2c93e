using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>
/// No answer of repair holds what the asker said it had seen: at every moment. And of the cells that repair sends after the faults hardly any are known to the receiver: no more than each other home owner sends of what it lacks, and a few
/// for each bucket, which came by another way at the same time.
/// </summary>
internal sealed class NoFullStateForSmallDiffChecker : IChecker, IObserver, IWatcher
{
    private const int KnownPerBucket = 4;
    private const int KnownAnyway = 64;
    private readonly Dictionary<(int Asker, int Asked, long Request), RepairAsk> _asks = [];
    private readonly RepairTally _tally = new();
    private Simulator? _cluster;
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "NoFullStateForSmallDiff";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public void Look(Simulator cluster) => _cluster = cluster;

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message)
    {
        if (message is RepairAsk asked) _asks[(from, to, asked.Request)] = asked;
        if (message is RepairCells cells && _asks.TryGetValue((to, from, cells.Request), out var ask)) Compare(from, to, ask, cells);
        if (_cluster is { IsHealed: true } cluster) _tally.Count(from, to, message, cluster.Nodes[to].Replica);
    }

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        var most = (_tally.Lacked * (cluster.Replicas - 1)) + (_tally.Buckets * KnownPerBucket) + KnownAnyway;
        if (_violation is not null) return _violation;
        return _tally.Known <= most ? null : $"repair sent {_tally.Known} cells that were known, of {_tally.Buckets} buckets, besides {_tally.Lacked} that were not; at most {most} were to be";
    }

    private void Compare(int from, int to, RepairAsk ask, RepairCells answer)
    {
        var told = answer.Frame.Cells.Count(cell => ask.Context.Contains(cell.Dot) && !ask.Wants.Contains(cell.Digest));
        if (told > 0) _violation ??= $"n{from} sends n{to} {told} cells of bucket {ask.Bucket} of which that said it had seen the writes";
    }
}
