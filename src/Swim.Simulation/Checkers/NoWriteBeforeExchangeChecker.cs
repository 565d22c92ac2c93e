using MessagePack;
using Swim.Core.Replication;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// A node that knows of others writes nothing of its own, after a start, before one of them answered its question, or a second was over.
/// </summary>
internal sealed class NoWriteBeforeExchangeChecker(Workload work) : IChecker, IObserver
{
    // A little less than the second: the question leaves a sync of the disk after the wait for its answer began. On a slow disk that is long: the wait is
    // counted from the first record, with which the question waits.
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(900);

    private readonly SortedDictionary<int, TimeSpan> _waitsSince = [];
    private readonly SortedSet<int> _hasAsked = [];
    private readonly SortedDictionary<int, TimeSpan> _firstRecord = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "NoWriteBeforeExchange";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnRecovered(int node, long position)
    {
        _hasAsked.Remove(node);
        _firstRecord.Remove(node);
        _waitsSince[node] = work.Cluster.Elapsed;
    }

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message)
    {
        if (message is RepairOpen && _waitsSince.ContainsKey(from) && _hasAsked.Add(from)) _waitsSince[from] = _firstRecord.GetValueOrDefault(from, work.Cluster.Elapsed);
        else if (message is RepairDigests) _waitsSince.Remove(to);
    }

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
        _firstRecord.TryAdd(node, work.Cluster.Elapsed);
        if (!_waitsSince.TryGetValue(node, out var since) || work.Cluster.Elapsed - since >= Wait) return;
        if (work.Cluster.Nodes[node].Replica?.Placement is not { } placement || !HasOwnWrite(record)) return;
        // One that has nobody to ask begins alone: the start is over.
        if (!placement.LivePeers.Any()) _waitsSince.Remove(node);
        else _violation ??= $"n{node} wrote at {work.Cluster.Elapsed.TotalSeconds:0.000} s before anybody had answered it";
    }

    private static bool HasOwnWrite(ReadOnlyMemory<byte> record)
    {
        var reader = new MessagePackReader(record);
        reader.ReadArrayHeader();
        var actor = reader.ReadUInt64();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            if (DeltaFrameCodec.Read(ref reader).Actor == actor) return true;
        }

        return false;
    }
}
