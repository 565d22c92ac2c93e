using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>
/// However far replicas are apart, a node asks a peer for a window of buckets at once and for no more, a page of cells is as long as it may be, no message is
/// larger than a frame, and what waits for its time is within its bound: at every moment.
/// </summary>
internal sealed class BackpressureBoundedChecker : IChecker, IObserver, IWatcher
{
    private readonly Dictionary<(int From, int To), (long Ticks, int Asks)> _asked = [];
    private Simulator? _cluster;
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "BackpressureBounded";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        _cluster = cluster;
        foreach (var node in cluster.UpNodes)
        {
            if (node.Replica!.HeldFrameCount > HeldFrames.CountMax) _violation ??= $"{node.Replica.HeldFrameCount} frames wait on n{node.Index} for their time";
        }
    }

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message)
    {
        if (_violation is not null) return;
        if (message is RepairAsk) Count(from, to);
        // A page ends with the cell that fills it.
        if (message is RepairCells { Frame.Cells: var page } && BytesOf(page.SkipLast(1)) >= Repairer.PageBytesMax) _violation = $"n{from} sends n{to} a page of {BytesOf(page)} bytes of cells";
        if (Frames.Of(message).Sum(static frame => BytesOf(frame.Cells)) is var bytes && bytes > PeerCodec.FrameBytesMax) _violation = $"n{from} sends n{to} {bytes} bytes of cells in one {message.GetType().Name}";
    }

    private static long BytesOf(IEnumerable<Cell> cells) => cells.Sum(static cell => (long)Repairer.BytesOf(cell));

    private void Count(int from, int to)
    {
        var now = _cluster?.Timeline.Ticks ?? 0;
        var before = _asked.GetValueOrDefault((from, to));
        var asks = before.Ticks == now ? before.Asks + 1 : 1;
        _asked[(from, to)] = (now, asks);
        if (asks > Repairer.Window) _violation = $"n{from} asks n{to} for {asks} buckets at once";
    }
}
