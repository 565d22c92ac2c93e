using System.Globalization;
using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>What lies in a node's directory, looked at without changing it and without stopping at the first fault.</summary>
/// <param name="Checkpoint">The newest checkpoint; null where there is none, or none that can be read.</param>
/// <param name="Segments">The files of the log, in order.</param>
/// <param name="Faults">All that is wrong; empty when a node would find everything that was durable.</param>
public sealed record LogInspection(CheckpointLook? Checkpoint, IReadOnlyList<SegmentLook> Segments, IReadOnlyList<LogFault> Faults)
{
    /// <summary>The node whose log it is; null where no file says it.</summary>
    public NodeId? Owner { get; init; }

    /// <summary>True when there is neither a log nor a checkpoint.</summary>
    public bool IsEmpty => Checkpoint is null && Segments.Count == 0 && Faults.Count == 0;

    /// <summary>Looks at everything in <paramref name="disk"/>. Throws <see cref="DiskException"/> when the medium fails.</summary>
    public static LogInspection Of(IDisk disk) => Of(disk, LogReceiver.OfNobody);

    /// <summary>As above, and gives what can be read to <paramref name="receiver"/>, as a start would.</summary>
    public static LogInspection Of(IDisk disk, LogReceiver receiver) => new LogInspector(disk, receiver).Run();
}

/// <summary>The newest checkpoint.</summary>
/// <param name="Position">Records up to this position need no replay.</param>
/// <param name="Through">The log was durable up to this position when it was made.</param>
/// <param name="Parts">Its files, by shard.</param>
public sealed record CheckpointLook(long Position, long Through, IReadOnlyList<PartLook> Parts);

/// <summary>One file of a checkpoint.</summary>
/// <param name="File">Its name.</param>
/// <param name="Shard">Which shard it is of.</param>
/// <param name="Position">The checkpoint that wrote it.</param>
/// <param name="Bytes">Its length, as it should be.</param>
/// <param name="Buckets">How many buckets can be read.</param>
/// <param name="Damaged">The buckets that cannot be read; where the file cannot be followed, also such as it never had.</param>
public sealed record PartLook(string File, int Shard, long Position, long Bytes, int Buckets, IReadOnlyCollection<int> Damaged);

/// <summary>One file of the log.</summary>
/// <param name="File">Its name.</param>
/// <param name="First">The position of its first record.</param>
/// <param name="Records">How many records can be read.</param>
/// <param name="Used">Bytes in use by its header and those records.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="TornBytes">Bytes at the end of the last file that a crash left of records that were never durable; a start cuts them off.</param>
public sealed record SegmentLook(string File, long First, long Records, long Used, long Bytes, long TornBytes);

/// <summary>Something that is wrong.</summary>
/// <param name="File">Where.</param>
/// <param name="Message">What.</param>
/// <param name="RefusesStart">
/// True when no node starts with it; false when one that has others does, and gets from them what is in doubt. One that has none starts only where it is
/// told to go on with what is left.
/// </param>
public sealed record LogFault(string File, string Message, bool RefusesStart);

/// <summary>Reads the files of one directory; used once.</summary>
internal sealed class LogInspector(IDisk disk, LogReceiver receiver)
{
    private readonly List<LogFault> _faults = [];
    private readonly List<SegmentLook> _segments = [];
    private NodeId? _owner;
    private CheckpointManifest? _manifest;

    /// <summary>Reads everything.</summary>
    public LogInspection Run()
    {
        var checkpoint = Guarded(CheckpointManifest.Name, LookAtCheckpoint);
        var firsts = Segment.ListFirstPositions(disk);
        if (firsts.Count > 0 && firsts[0] > (_manifest?.Base ?? 0) + 1) Damaged(Segment.NameOf(firsts[0]), $"record {(_manifest?.Base ?? 0) + 1} is missing before it");
        foreach (var first in firsts.Where(_ => _owner is null)) Guarded(Segment.NameOf(first), () => OwnerIn(first));
        for (var i = 0; i < firsts.Count; i++)
        {
            var (first, next) = (firsts[i], i + 1 < firsts.Count ? firsts[i + 1] : (long?)null);
            if (Guarded(Segment.NameOf(first), () => LookAt(first, next)) is { } look) _segments.Add(look);
        }

        if (firsts.Count == 0 && _manifest is not null) Damaged(CheckpointManifest.Name, "the log after the checkpoint is missing");
        return new LogInspection(checkpoint, _segments, [.. _faults.Distinct()]) { Owner = _owner };
    }

    private CheckpointLook? LookAtCheckpoint()
    {
        try
        {
            _manifest = CheckpointManifest.TryRead(disk);
        }
        catch (CorruptLogException damage)
        {
            Damaged(CheckpointManifest.Name, damage.What);
        }

        if (_manifest is null) return null;
        _owner = _manifest.Owner;
        receiver.OnMeta(_manifest.Meta);
        return new CheckpointLook(_manifest.Base, _manifest.Through, [.. _manifest.Shards.Select(entry => LookAt(entry.Key, entry.Value))]);
    }

    private PartLook LookAt(int shard, ShardEntry entry)
    {
        var buckets = 0;
        var reader = new ShardReader(disk, _owner!.Value, shard, entry);
        var damaged = reader.Read((bucket, block) =>
        {
            buckets++;
            receiver.OnBlock(bucket, block);
        });
        foreach (var bucket in damaged) receiver.OnDamagedBucket(bucket);
        if (damaged.Count > 0)
            Damaged(reader.Name, string.Create(CultureInfo.InvariantCulture, $"buckets cannot be read: {string.Join(", ", damaged)}"));
        return new PartLook(reader.Name, shard, entry.Position, entry.Bytes, buckets, damaged);
    }

    // One file may not be able to say it.
    private object? OwnerIn(long first)
    {
        using var file = disk.Open(Segment.NameOf(first));
        _owner = SegmentHeader.TryRead(file)?.Owner;
        return null;
    }

    private SegmentLook LookAt(long first, long? firstOfNext)
    {
        using var file = disk.Open(Segment.NameOf(first));
        var header = new SegmentHeader(_owner ?? default, first);
        if (!header.IsAtStartOf(file)) Damaged(file.Name, "the header has a bad checksum");
        var walk = new SegmentWalk(new SegmentReader(file, header.Seed), first, firstOfNext, _manifest?.Through ?? 0)
        {
            OnRecord = Take,
            OnDamage = damage => OnDamage(file.Name, damage),
        };
        walk.Run();
        return new SegmentLook(file.Name, first, walk.Records, walk.End, file.Length, firstOfNext is null ? walk.TornBytes : 0);
    }

    // What the checkpoint has needs no record.
    private void Take(long position, ReadOnlyMemory<byte> record)
    {
        if (position > (_manifest?.Base ?? 0)) receiver.OnRecord(position, record);
    }

    private void OnDamage(string file, LogDamage damage)
    {
        Damaged(file, Describe(damage));
        if (damage.Buckets is null) receiver.OnAllDamaged();
        foreach (var bucket in damage.Buckets ?? []) receiver.OnDamagedBucket(bucket);
    }

    private static string Describe(LogDamage damage) => string.Create(
        CultureInfo.InvariantCulture,
        $"records {damage.First} to {damage.Last} cannot be read, {damage.Bytes} bytes at offset {damage.Offset}; in doubt: {(damage.Buckets is null ? "every bucket" : $"buckets {string.Join(", ", damage.Buckets)}")}");

    private T? Guarded<T>(string file, Func<T?> look) where T : class
    {
        try
        {
            return look();
        }
        catch (Exception fault) when (fault is CorruptLogException or LogFormatException)
        {
            Refuses(file, fault.Message);
            return null;
        }
    }

    private void Damaged(string file, string message) => _faults.Add(new LogFault(file, message, RefusesStart: false));

    private void Refuses(string file, string message) => _faults.Add(new LogFault(file, message, RefusesStart: true));
}
