using System.Buffers;
using MessagePack;
using Swim.Core.Primitives;
using Swim.Core.Storage;

namespace Swim.Core.Replication;

/// <summary>
/// Gives the state piece by piece to the log's next checkpoint: the shards in which anything changed since the last one. Each piece is
/// made between two inputs, so each bucket in it stands as of one position of the log. The host asks for the next piece once the one
/// before is written: one waits at a time, however slow the disk.
/// </summary>
internal sealed class Checkpointer(CellStore store)
{
    /// <summary>A piece is closed once it holds this many bytes; a single larger bucket is one piece.</summary>
    public const int PieceBytes = 256 << 10;

    private readonly SortedSet<int> _left = [];
    private SortedSet<int> _round = [];
    private int _nextBucket;
    private long _base;
    private bool _begins;

    /// <summary>True while a round is under way.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Begins a round over all that the records up to <paramref name="position"/> wrote.</summary>
    public void Begin(long position)
    {
        Invariant.Holds(!IsUnderWay, "one checkpoint is made at a time");
        (IsUnderWay, _begins, _base, _nextBucket) = (true, true, position, 0);
        _round = store.TakeUnsaved();
        _left.UnionWith(_round.Select(Shards.Of));
    }

    /// <summary>The next piece; it tells of nothing beyond <paramref name="position"/>, the last record so far.</summary>
    public CheckpointPiece Next(long position)
    {
        Invariant.Holds(IsUnderWay && (_begins || _left.Count > 0), "a piece is taken from a round that has one");
        var shard = _left.Count > 0 ? _left.Min : 0;
        var (blocks, isEnd) = _left.Count > 0 ? Fill(shard) : ([], false);
        if (isEnd) _left.Remove(shard);
        var piece = new CheckpointPiece(_base, position, shard, blocks) { BeginsRound = _begins, EndsShard = isEnd, EndsRound = _left.Count == 0, Meta = _left.Count == 0 ? store.EncodeMeta() : default };
        _begins = false;
        return piece;
    }

    /// <summary>The round is over; unless it <paramref name="isCompleted"/>, what it was to save is unsaved still.</summary>
    public void End(bool isCompleted)
    {
        if (!isCompleted) store.ReturnUnsaved(_round);
        _left.Clear();
        _round = [];
        IsUnderWay = false;
    }

    private (List<CheckpointBlock> Blocks, bool IsEnd) Fill(int shard)
    {
        var blocks = new List<CheckpointBlock>();
        var bytes = 0;
        foreach (var number in Shards.BucketsOf(shard).Where(number => number >= _nextBucket))
        {
            if (bytes >= PieceBytes) return (blocks, false);
            _nextBucket = number + 1;
            if (store.Find(number) is not { } bucket) continue;
            var block = Encode(bucket);
            blocks.Add(new CheckpointBlock(number, block));
            bytes += block.Length;
        }

        return (blocks, true);
    }

    private static byte[] Encode(Bucket bucket)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        var writer = new MessagePackWriter(buffer);
        DeltaFrameCodec.Write(ref writer, DeltaFrame.Repair(bucket.Number, [.. bucket.CellsAndTombstones], bucket.Context));
        ForgettingCodec.WriteState(ref writer, bucket);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
