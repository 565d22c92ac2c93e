namespace Swim.Core.Storage;

/// <summary>
/// Opens the files of a log: gives the newest checkpoint and then every record that is not in it to the caller in order, cuts off a
/// torn tail and returns the file that takes the next record. Running it again, also after a crash on the way, gives the same. A file with
/// damage is never written to again: the log goes on in a new one.
/// </summary>
internal sealed class LogRecovery(IDisk disk, CellLogOptions options, LogReceiver receiver, CheckpointStore checkpoints)
{
    private readonly List<LogDamage> _damage = [];
    private long _damages;
    private long _position;
    private long _records;
    private long _droppedBytes;
    private string? _tornFile;
    private long _tornOffset;

    /// <summary>The files before the one that takes the next record, in order, each with its first position and the bytes in use.</summary>
    public List<(long First, long Bytes)> Closed { get; } = [];

    /// <summary>Recovers; the log is durable up to the last record when this returns.</summary>
    public Segment Run(out RecoveryReport report)
    {
        checkpoints.Recover(receiver, OnDamage);
        Segment.DeleteUnfinished(disk);
        var firsts = Segment.ListFirstPositions(disk);
        var replaced = firsts.Zip(firsts.Skip(1)).TakeWhile(pair => pair.Second <= checkpoints.Base + 1).Select(static pair => pair.First).ToList();
        firsts.RemoveRange(0, replaced.Count);
        LookAtStart(firsts);
        var last = RecoverSegments(firsts);
        // Left there by a crash, and only now known to be of no use.
        foreach (var first in replaced) disk.Delete(Segment.NameOf(first));
        checkpoints.DeleteLeftovers();
        // What the callers now build upon may so far be only in the system's cache, left there by a process that died.
        last.File.SyncData();
        disk.SyncDirectory();
        report = new RecoveryReport(Closed.Count + 1, _position, _droppedBytes, _tornFile, _tornOffset, Closed.Sum(static file => file.Bytes) + last.End)
        {
            CheckpointPosition = checkpoints.Base,
            CheckpointBytes = checkpoints.Bytes,
            Replayed = _records,
            DamagedBuckets = checkpoints.DamagedBuckets,
            Damage = _damages == 0 ? Array.Empty<LogDamage>() : _damage,
        };
        return last;
    }

    // What should be there and is not at all.
    private void LookAtStart(List<long> firsts)
    {
        var start = checkpoints.Base + 1;
        _position = firsts.Count > 0 ? firsts[0] - 1 : Math.Max(checkpoints.Base, checkpoints.Through);
        if (firsts.Count == 0 && checkpoints.Base > 0) OnDamage(new LogDamage(Segment.NameOf(start), 0, 0, start, _position, null), "the log after the checkpoint is missing");
        if (firsts.Count > 0 && firsts[0] > start) OnDamage(new LogDamage(Segment.NameOf(firsts[0]), 0, 0, start, firsts[0] - 1, null), $"record {start} is missing before it");
    }

    private Segment RecoverSegments(List<long> firsts)
    {
        for (var i = 0; i < firsts.Count - 1; i++)
        {
            using var segment = RecoverSegment(firsts[i], firsts[i + 1], out _);
            Closed.Add((segment.First, segment.End));
        }

        if (firsts.Count == 0) return Begin();
        var last = RecoverSegment(firsts[^1], null, out var isDamaged);
        if (!isDamaged) return last;
        last.Dispose();
        // One in which nothing was found makes room, by its copy, for the new one of the same name.
        if (last.First <= _position) Closed.Add((last.First, last.End));
        return Begin();
    }

    private Segment Begin() => Segment.Create(disk, new SegmentHeader(options.Owner, _position + 1), options.SegmentBytes);

    private Segment RecoverSegment(long first, long? firstOfNext, out bool isDamaged)
    {
        var file = disk.Open(Segment.NameOf(first));
        try
        {
            var header = new SegmentHeader(options.Owner, first);
            var before = _damages;
            if (!header.IsAtStartOf(file)) OnDamage(new LogDamage(file.Name, 0, SegmentHeader.Size, first, first - 1, []), "the header has a bad checksum");
            var reader = new SegmentReader(file, header.Seed);
            var walk = new SegmentWalk(reader, first, firstOfNext, checkpoints.Through) { OnRecord = Take, OnDamage = OnDamage };
            walk.Run();
            _position = walk.Position;
            isDamaged = _damages > before;
            if (isDamaged) KeptAside.Copy(disk, file.Name);
            if (firstOfNext is null) CutTornTail(file, walk, isDamaged);
            return new Segment(file, first, header.Seed, walk.End);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Take(long position, ReadOnlyMemory<byte> record)
    {
        if (position <= checkpoints.Base) return;
        _records++;
        receiver.OnRecord(position, record);
    }

    private void OnDamage(LogDamage damage) => OnDamage(damage, $"record {damage.First} cannot be read");

    private void OnDamage(LogDamage damage, string what)
    {
        if (!options.AcceptsDamage) throw new CorruptLogException(damage.File, damage.Offset, what) { CanGoOn = true };
        if (++_damages <= RecoveryReport.DamageMax) _damage.Add(damage);
        // What the checkpoint has needs no record.
        if (damage.Records > 0 && damage.Last <= checkpoints.Base) return;
        if (damage.Buckets is null) receiver.OnAllDamaged();
        foreach (var bucket in damage.Buckets ?? []) receiver.OnDamagedBucket(bucket);
    }

    private void CutTornTail(IDiskFile file, SegmentWalk walk, bool isDamaged)
    {
        var torn = walk.TornBytes;
        if (torn == 0) return;
        (_droppedBytes, _tornFile, _tornOffset) = (torn, file.Name, walk.End);
        // Nothing is written to it any more, and its readers stop where the next file begins.
        if (isDamaged) return;
        // Zeroed, not only passed over: a whole frame in there could otherwise follow a later record and be taken for real.
        var zeros = new byte[Math.Min(torn, 1 << 20)];
        for (var at = walk.End; at < walk.End + torn; at += zeros.Length)
            file.Write(at, zeros.AsSpan(0, (int)Math.Min(zeros.Length, walk.End + torn - at)));
    }
}
