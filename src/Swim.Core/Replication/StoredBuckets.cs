using System.Buffers;
using System.Security.Cryptography;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Storage;

namespace Swim.Core.Replication;

/// <summary>One bucket as it lies in a node's directory.</summary>
/// <param name="Number">Its number on the ring.</param>
/// <param name="Cells">How many cells it has; tombstones do not count.</param>
/// <param name="Tombstones">How many workflows it knows to have been collected.</param>
/// <param name="CellsSha256">SHA-256 of the canonical bytes of all its cells, tombstones among them: equal on two nodes exactly when what they hold is.</param>
/// <param name="ContextSha256">SHA-256 of the canonical bytes of the writes seen.</param>
public sealed record StoredBucket(int Number, int Cells, int Tombstones, string CellsSha256, string ContextSha256);

/// <summary>The buckets in a node's directory, read in the same way as by a start, without changing anything.</summary>
public static class StoredBuckets
{
    /// <summary>
    /// Those of which anything is known, ascending, and what is wrong with the files: what cannot be read is left out. Throws
    /// <see cref="DiskException"/> when the medium fails.
    /// </summary>
    public static (LogInspection Log, IReadOnlyList<StoredBucket> Buckets) Of(IDisk disk)
    {
        var store = new CellStore(new HybridLogicalClock());
        var log = LogInspection.Of(disk, new LogReceiver((position, record) => Take($"record {position}", () => store.Recover(record)))
        {
            OnMeta = meta => Take("the checkpoint", () => store.RecoverMeta(meta)),
            OnBlock = (bucket, block) => Take($"bucket {bucket} of the checkpoint", () => store.RecoverBlock(block)),
            OnDamagedBucket = store.LoseBlock,
            OnAllDamaged = store.LoseAll,
        });
        return (log, [.. store.Buckets.Where(static bucket => bucket.IsInUse).Select(Of)]);
    }

    private static StoredBucket Of(Bucket bucket) => new(
        bucket.Number,
        bucket.CellCount,
        bucket.Forgotten.TombstoneCount,
        HashOf((ref MessagePackWriter writer) => DeltaFrameCodec.Write(ref writer, DeltaFrame.Repair(bucket.Number, [.. bucket.CellsAndTombstones], null))),
        HashOf((ref MessagePackWriter writer) => bucket.Context.Write(ref writer)));

    private static string HashOf(Writing write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        var writer = new MessagePackWriter(buffer);
        write(ref writer);
        writer.Flush();
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    // A fault of that file for the inspection: a node does not start with it either.
    private static void Take(string what, Action recover)
    {
        try
        {
            recover();
        }
        catch (Exception fault) when (fault is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            throw new CorruptLogException("the log", 0, $"{what} is whole and makes no sense: {fault.Message}");
        }
    }

    private delegate void Writing(ref MessagePackWriter writer);
}
