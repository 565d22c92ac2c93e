using MessagePack;
using Swim.Core.Crdt;
using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>No node pushes or acknowledges a write before the record that holds it is on its disk.</summary>
internal sealed class SeenOnlyAfterDurableChecker : IChecker, IObserver
{
    private readonly SortedDictionary<int, Queue<List<DeltaFrame>>> _undurable = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "SeenOnlyAfterDurable";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnRecovered(int node, long position) => _undurable[node] = new Queue<List<DeltaFrame>>();

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
        var reader = new MessagePackReader(record);
        reader.ReadArrayHeader();
        reader.ReadUInt64();
        var frames = new List<DeltaFrame>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--) frames.Add(DeltaFrameCodec.Read(ref reader));
        _undurable[node].Enqueue(frames);
    }

    /// <inheritdoc/>
    public void OnSynced(int node, long records)
    {
        for (; records > 0; records--) _undurable[node].Dequeue();
    }

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message)
    {
        if (_violation is not null || _undurable[from].Count == 0) return;
        if (Frames.OfNews(message).Any(frame => frame.Cells.Any(cell => IsUndurable(from, frame.Bucket, cell.Dot))))
            _violation = $"n{from} pushed a write to n{to} that was not on its disk";
        else if (message is PushAck ack && ack.SeenUpTo > 0 && IsUndurable(from, ack.Bucket, new Dot(ack.Actor, ack.SeenUpTo)))
            _violation = $"n{from} acknowledged write {ack.SeenUpTo} of bucket {ack.Bucket} to n{to} before it was on its disk";
    }

    private bool IsUndurable(int node, int bucket, Dot dot) =>
        _undurable[node].Any(frames => frames.Any(frame => frame.Bucket == bucket && frame.Cells.Any(cell => cell.Dot == dot)));
}
