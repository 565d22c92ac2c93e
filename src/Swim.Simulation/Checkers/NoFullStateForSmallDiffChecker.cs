using Swim.Core.Crdt;
using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>
/// Neither an answer of repair nor what is sent back holds what the other said it had seen, and nothing is sent back that answered what the other asked meanwhile: at every moment. What comes from several at once, or by another way while it is
/// on its way, is known when it comes; after the faults that is never more than each holds of the buckets that were asked for.
/// </summary>
internal sealed class NoFullStateForSmallDiffChecker : IChecker, IObserver, IWatcher
{
    private const int KnownAnyway = 64;
    private readonly Dictionary<(int Asker, int Asked, long Request), RepairAsk> _asks = [];
    private readonly HashSet<(int Giver, int To, int Bucket)> _coded = [];
    private readonly Dictionary<(int From, int To, int Bucket), List<Dot>> _answered = [];
    private readonly HashSet<(int From, int To, int Bucket)> _offered = [];
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
        if (message is RepairAsk asked)
        {
            _asks[(from, to, asked.Request)] = asked;
            _answered.Remove((from, to, asked.Bucket));
        }

        // What is handed over is given in the same form, by what the answer to the offer said.
        if (message is HandoffOffer offer) _offered.Add((from, to, offer.Bucket));
        // Those that symbols found are sent though both have seen the writes.
        if (message is RepairSymbols symbols) _coded.Add((from, to, symbols.Bucket));
        if (message is RepairCells cells) OnCells(from, to, cells);
        if (_cluster is { IsHealed: true } cluster) _tally.Count(from, to, message, cluster.Nodes[from].Replica, cluster.Nodes[to].Replica);
    }

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        var most = _tally.Held + KnownAnyway;
        if (_violation is not null) return _violation;
        return _tally.Known <= most ? null : $"repair sent {_tally.Known} cells that were known, of {_tally.Buckets} buckets, besides {_tally.Lacked} that were not; at most {most} were to be";
    }

    private void OnCells(int from, int to, RepairCells cells)
    {
        var bucket = cells.Frame.Bucket;
        if (_asks.TryGetValue((to, from, cells.Request), out var ask))
        {
            Compare(from, to, ask, cells);
            if (cells.Last && ask is { After: null, Wants.Count: 0 }) _answered[(from, to, bucket)] = [.. cells.Frame.Cells.Select(static cell => cell.Dot)];
        }

        if (cells is not { Request: 0, Since: { } since }) return;
        var wasAnswered = _answered.Remove((from, to, bucket), out var given);
        if (_coded.Remove((to, from, bucket))) return;
        if (wasAnswered && !_offered.Contains((from, to, bucket)) && cells.Frame.Cells.Any(cell => given!.Contains(cell.Dot))) _violation ??= $"n{from} sends n{to} cells of bucket {bucket} twice: as the answer, and back";
        var told = cells.Frame.Cells.Count(cell => since.Contains(cell.Dot));
        if (told > 0) _violation ??= $"n{from} sends n{to} back {told} cells of bucket {bucket} of which that said it had seen the writes";
    }

    private void Compare(int from, int to, RepairAsk ask, RepairCells answer)
    {
        var told = answer.Frame.Cells.Count(cell => ask.Context.Contains(cell.Dot) && !ask.Wants.Contains(cell.Digest));
        if (told > 0) _violation ??= $"n{from} sends n{to} {told} cells of bucket {ask.Bucket} of which that said it had seen the writes";
    }
}
