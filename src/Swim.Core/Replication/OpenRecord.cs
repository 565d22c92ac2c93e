using System.Buffers;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Storage;

namespace Swim.Core.Replication;

/// <summary>
/// What the call under way changes and what the log is to have of it, as one record: <c>[actor, frames, forgettings, [bucket, last own write, ...],
/// bound of stamps]</c>. What was forgotten comes after the frames, the buckets that were dropped before them.
/// </summary>
internal sealed class OpenRecord
{
    /// <summary>Fields of a record before forgetting was known; what follows may be missing.</summary>
    public const int FieldsMin = 2;

    private const int Fields = 5;
    private const int BufferBytes = 4 * 1024;
    private const int BufferBytesMax = 1024 * 1024;
    private readonly List<int> _touched = [];
    private ArrayBufferWriter<byte> _buffer = new(BufferBytes);

    /// <summary>This node's own writes, by bucket.</summary>
    public SortedDictionary<int, OwnWrites> Own { get; } = [];

    /// <summary>Frames of others, as far as they were news.</summary>
    public List<DeltaFrame> Received { get; } = [];

    /// <summary>What was forgotten.</summary>
    public List<Forgetting> Forgettings { get; } = [];

    /// <summary>The buckets that were dropped, each with the last own write in it.</summary>
    public SortedDictionary<int, ulong> Dropped { get; } = [];

    /// <summary>True while nothing changed.</summary>
    public bool IsEmpty => Own.Count == 0 && Received.Count == 0 && Forgettings.Count == 0 && Dropped.Count == 0;

    /// <summary>True when something of the bucket was written, received or forgotten.</summary>
    public bool TellsOf(int bucket) =>
        Own.ContainsKey(bucket) || Received.Exists(frame => frame.Bucket == bucket) || Forgettings.Exists(forgetting => forgetting.Bucket == bucket);

    /// <summary>This node's own writes as frames, ascending by bucket.</summary>
    public IReadOnlyList<DeltaFrame> OwnFrames(ulong actor) => Own.Count == 0 ? [] : [.. Own.SelectMany(entry => entry.Value.Frames(entry.Key, actor))];

    /// <summary>What is to be appended; <paramref name="own"/> are the <see cref="OwnFrames"/>.</summary>
    public Persist Close(ulong actor, IReadOnlyList<DeltaFrame> own, HlcTimestamp bound)
    {
        var record = new Persist(Encode(actor, own, bound), Touched());
        Received.Clear();
        Forgettings.Clear();
        if (Own.Count > 0) Own.Clear();
        if (Dropped.Count > 0) Dropped.Clear();
        return record;
    }

    // With each input: nothing is made here but the record, where nothing is there for it.
    private byte[] Encode(ulong actor, IReadOnlyList<DeltaFrame> own, HlcTimestamp bound)
    {
        if (_buffer.Capacity > BufferBytesMax) _buffer = new ArrayBufferWriter<byte>(BufferBytes);
        _buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(_buffer);
        writer.WriteArrayHeader(Fields);
        writer.Write(actor);
        writer.WriteArrayHeader(own.Count + Received.Count);
        foreach (var frame in own) DeltaFrameCodec.Write(ref writer, frame);
        foreach (var frame in Received) DeltaFrameCodec.Write(ref writer, frame);
        ForgettingCodec.Write(ref writer, Forgettings);
        WriteDropped(ref writer);
        writer.Write(bound.Value);
        writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    private void WriteDropped(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Dropped.Count * 2);
        if (Dropped.Count == 0) return;
        foreach (var (bucket, seq) in Dropped) { writer.Write(bucket); writer.Write(seq); }
    }

    private TouchedBuckets Touched()
    {
        _touched.Clear();
        foreach (var frame in Received) _touched.Add(frame.Bucket);
        foreach (var forgetting in Forgettings) _touched.Add(forgetting.Bucket);
        if (Own.Count > 0) _touched.AddRange(Own.Keys);
        if (Dropped.Count > 0) _touched.AddRange(Dropped.Keys);
        return TouchedBuckets.Of(_touched);
    }
}
