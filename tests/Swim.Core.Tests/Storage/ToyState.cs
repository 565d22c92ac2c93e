using System.Buffers.Binary;
using Swim.Core.Storage;

namespace Swim.Core.Tests.Storage;

/// <summary>
/// The smallest state that lives by a log and its checkpoints: the greatest number written to each bucket. Also in the simulator's tests.
/// </summary>
internal sealed class ToyState
{
    private readonly SortedDictionary<int, int> _values = [];
    private readonly SortedSet<int> _unsaved = [];
    private CellLog _log = null!;

    public IReadOnlyDictionary<int, int> Values => _values;

    public CellLog Log => _log;

    public SortedSet<int> Damaged { get; } = [];

    public bool IsAllDamaged { get; private set; }

    public int Replayed { get; private set; }

    /// <summary>What the checkpoint said of the node: the base it was made at.</summary>
    public long Meta { get; private set; }

    public static ToyState Open(IDisk disk, CellLogOptions options, out RecoveryReport report)
    {
        var state = new ToyState();
        state._log = CellLog.Open(disk, options, new LogReceiver(state.Replay)
        {
            OnMeta = meta => state.Meta = BinaryPrimitives.ReadInt64LittleEndian(meta.Span),
            OnBlock = (bucket, block) => state.Put(bucket, BinaryPrimitives.ReadInt32LittleEndian(block.Span)),
            OnDamagedBucket = bucket => state.Lose(bucket),
            OnAllDamaged = () => state.IsAllDamaged = true,
        }, out report);
        return state;
    }

    /// <summary>Writes a number; durable after the next flush.</summary>
    public void Write(int bucket, int value)
    {
        var record = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(record, bucket);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), value);
        _log.Append(record, TouchedBuckets.Of([bucket]));
        Put(bucket, value);
        _unsaved.Add(bucket);
    }

    /// <summary>Makes a checkpoint, a bucket in each piece; false when it was given up.</summary>
    public bool Checkpoint()
    {
        foreach (var piece in Pieces())
        {
            if (_log.Write(piece) == CheckpointStep.GivenUp) return false;
        }

        _unsaved.Clear();
        return true;
    }

    /// <summary>The pieces of a checkpoint of all that changed since the last one.</summary>
    public IEnumerable<CheckpointPiece> Pieces()
    {
        var at = _log.Position;
        var meta = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(meta, at);
        var shards = _unsaved.Select(Shards.Of).Distinct().ToList();
        foreach (var shard in shards)
        {
            var buckets = _values.Keys.Where(bucket => Shards.Of(bucket) == shard).ToList();
            foreach (var bucket in buckets)
            {
                yield return new CheckpointPiece(at, _log.Position, shard, [new CheckpointBlock(bucket, Block(bucket))])
                {
                    BeginsRound = shard == shards[0] && bucket == buckets[0],
                    EndsShard = bucket == buckets[^1],
                    EndsRound = shard == shards[^1] && bucket == buckets[^1],
                    Meta = meta,
                };
            }
        }
    }

    private byte[] Block(int bucket)
    {
        var block = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(block, _values[bucket]);
        return block;
    }

    private void Replay(long position, ReadOnlyMemory<byte> record)
    {
        Replayed++;
        var bucket = BinaryPrimitives.ReadInt32LittleEndian(record.Span);
        Put(bucket, BinaryPrimitives.ReadInt32LittleEndian(record.Span[4..]));
        _unsaved.Add(bucket);
    }

    private void Put(int bucket, int value) => _values[bucket] = Math.Max(value, _values.GetValueOrDefault(bucket));

    private void Lose(int bucket)
    {
        Damaged.Add(bucket);
        // A bucket of which nothing is left has no block to write.

    }
}
