using Swim.Core.Clocks;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Frames whose stamps are ahead of this node's wall clock, kept until they no longer are, so that a sender whose clock runs fast is
/// late instead of lost. Bounded in number and bytes; a frame that does not fit is dropped and counted, and repair brings it later.
/// </summary>
internal sealed class HeldFrames
{
    /// <summary>Most frames held at once.</summary>
    public const int CountMax = 1_024;

    /// <summary>Most payload bytes held at once: 8 MiB, a fixed part for each cell and each entry of a context included.</summary>
    public const long BytesMax = 8 << 20;

    private const int EntryBytes = 64;
    private readonly SortedDictionary<(long DueWallMs, long Order), Held> _held = [];
    private readonly SortedDictionary<ulong, int> _cells = [];
    private long _order;
    private long _bytes;

    /// <summary>Frames held now.</summary>
    public int Count => _held.Count;

    /// <summary>Frames that found no room.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>
    /// Keeps what came from <paramref name="from"/> until <paramref name="latest"/>, its latest stamp, is no longer ahead. A frame whose
    /// cells all wait here already is let go: senders repeat what nobody acknowledges.
    /// </summary>
    public void Hold(NodeId from, PeerMessage message, DeltaFrame frame, HlcTimestamp latest)
    {
        if (frame.Cells.All(cell => _cells.ContainsKey(cell.Digest))) return;
        var seen = frame.Context is { } context ? context.Vector.Count + context.Cloud.Count : 0;
        var bytes = frame.Cells.Sum(static cell => (long)cell.Payload.Length + EntryBytes) + (seen * EntryBytes);
        if (_held.Count >= CountMax || _bytes + bytes > BytesMax)
        {
            DroppedCount++;
            return;
        }

        _bytes += bytes;
        foreach (var cell in frame.Cells) _cells[cell.Digest] = _cells.GetValueOrDefault(cell.Digest) + 1;
        _held.Add((latest.PhysicalMs - HybridLogicalClock.AcceptAheadMs, ++_order), new Held(from, message, frame, bytes));
    }

    /// <summary>The next one that is due, in the order of their stamps; false when none is.</summary>
    public bool TryTakeDue(Now now, out NodeId from, out PeerMessage message)
    {
        (from, message) = (default, null!);
        if (_held.Count == 0) return false;
        var (key, held) = _held.First();
        if (key.DueWallMs > now.WallMs) return false;
        _held.Remove(key);
        _bytes -= held.Bytes;
        foreach (var cell in held.Frame.Cells) Forget(cell.Digest);
        (from, message) = (held.From, held.Message);
        return true;
    }

    private void Forget(ulong cell)
    {
        if (_cells[cell] == 1) _cells.Remove(cell);
        else _cells[cell]--;
    }

    private readonly record struct Held(NodeId From, PeerMessage Message, DeltaFrame Frame, long Bytes);
}
