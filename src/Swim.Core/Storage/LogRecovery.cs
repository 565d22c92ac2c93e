namespace Swim.Core.Storage;

/// <summary>
/// Opens the files of a log: gives the newest checkpoint and then every record that is not in it to the caller in order, cuts off a
/// torn tail and returns the file that takes the next record. Running it again, also after a crash on the way, gives the same.
/// </summary>
internal sealed class LogRecovery(IDisk disk, CellLogOptions options, LogReceiver receiver, CheckpointStore checkpoints)
{
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
        checkpoints.Recover(receiver);
        Segment.DeleteUnfinished(disk);
        var firsts = Segment.ListFirstPositions(disk);
        var replaced = firsts.Zip(firsts.Skip(1)).TakeWhile(pair => pair.Second <= checkpoints.Base + 1).Select(static pair => pair.First).ToList();
        firsts.RemoveRange(0, replaced.Count);
        DemandStart(firsts);
        Segment? last = null;
        for (var i = 0; i < firsts.Count; i++)
        {
            if (last is not null) Closed.Add((last.First, last.End));
            last?.Dispose();
            var next = i + 1 < firsts.Count ? firsts[i + 1] : (long?)null;
            last = RecoverSegment(firsts[i], next);
        }
        last ??= Segment.Create(disk, new SegmentHeader(options.Owner, 1), options.SegmentBytes);
        // Left there by a crash, and only now known to be of no use.
        foreach (var first in replaced) disk.Delete(Segment.NameOf(first));
        checkpoints.DeleteLeftovers();
        // What the callers now build upon may so far be only in the system's cache, left there by a process that died.
        last.File.SyncData();
        disk.SyncDirectory();
        report = new RecoveryReport(Math.Max(1, firsts.Count), _position, _droppedBytes, _tornFile, _tornOffset, Closed.Sum(static file => file.Bytes) + last.End)
        {
            CheckpointPosition = checkpoints.Base,
            CheckpointBytes = checkpoints.Bytes,
            Replayed = _records,
            DamagedBuckets = checkpoints.DamagedBuckets,
        };
        return last;
    }

    private void DemandStart(List<long> firsts)
    {
        if (firsts.Count == 0 && checkpoints.Base > 0) throw new CorruptLogException(Segment.NameOf(checkpoints.Base + 1), 0, "the log after the checkpoint is missing");
        if (firsts.Count > 0 && firsts[0] > checkpoints.Base + 1) throw new CorruptLogException(Segment.NameOf(firsts[0]), 0, $"record {checkpoints.Base + 1} is missing before it");
        if (firsts.Count > 0) _position = firsts[0] - 1;
    }

    private Segment RecoverSegment(long first, long? firstOfNext)
    {
        var file = disk.Open(Segment.NameOf(first));
        try
        {
            var header = SegmentHeader.Read(file, out var seed);
            if (header.FirstPosition != first) throw new CorruptLogException(file.Name, 0, $"the file starts with record {header.FirstPosition}");
            if (header.Owner != options.Owner) throw new CorruptLogException(file.Name, 0, $"the file was written by node {header.Owner}, this is node {options.Owner}");
            if (first != _position + 1) throw new CorruptLogException(file.Name, 0, $"record {_position + 1} is missing before it");
            var reader = new SegmentReader(file, seed);
            var end = ReplayFrames(reader);
            if (firstOfNext is null) CutTornTail(file, reader, end);
            else if (firstOfNext != _position + 1) throw new CorruptLogException(file.Name, end, $"record {_position + 1} cannot be read");
            return new Segment(file, first, seed, end);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private long ReplayFrames(SegmentReader reader)
    {
        long end = SegmentHeader.Size;
        while (reader.TryRead(end, out var frame) && frame.Position == _position + 1)
        {
            _position++;
            end += frame.Size;
            if (_position <= checkpoints.Base) continue;
            _records++;
            receiver.OnRecord(_position, frame.Payload);
        }
        return end;
    }

    private void CutTornTail(IDiskFile file, SegmentReader reader, long end)
    {
        if (_position < checkpoints.Through) throw new CorruptLogException(file.Name, end, $"record {_position + 1} was durable and cannot be read");
        var endOfData = reader.EndOfData(end);
        if (endOfData == end) return;
        if (reader.ProvesDurable(_position + 1, end, endOfData)) throw new CorruptLogException(file.Name, end, $"record {_position + 1} cannot be read");
        (_droppedBytes, _tornFile, _tornOffset) = (endOfData - end, file.Name, end);
        // Zeroed, not only passed over: a whole frame in there could otherwise follow a later record and be taken for real.
        var zeros = new byte[Math.Min(endOfData - end, 1 << 20)];
        for (var at = end; at < endOfData; at += zeros.Length)
            file.Write(at, zeros.AsSpan(0, (int)Math.Min(zeros.Length, endOfData - at)));
    }
}
