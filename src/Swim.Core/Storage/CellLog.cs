using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>
/// The write-ahead log: records in the order of <see cref="Append(ReadOnlySpan{byte}, TouchedBuckets)"/>, durable as far as <see cref="DurablePosition"/>. A crash loses
/// at most what was not durable and never leaves a gap, a half record or a record nobody appended. Synchronous; one caller at a time.
/// A record is the atomic unit. Files: <see cref="SegmentHeader"/>, then records, each behind its <see cref="LogHead"/>, then zeros. Checkpoints
/// take the place of the files before them, so the space it needs is bounded by the state and not by the history.
/// </summary>
public sealed class CellLog : IDisposable
{
    /// <summary>The largest record, in bytes: 24 MiB, room for the largest submission.</summary>
    public const int RecordBytesMax = 24 << 20;

    // What one call may zero at most, also where a restart found the file nearly full.
    private const int PrepareBytesMax = 4 * NextSegment.PieceBytes;

    private readonly IDisk _disk;
    private readonly CellLogOptions _options;
    private Segment _segment;
    private byte[] _pending = new byte[4096];
    private int _pendingLength;
    private bool _isBroken;
    private readonly CheckpointStore _checkpoints;
    private readonly List<(long First, long Bytes)> _closed;
    private NextSegment? _next;

    // Bytes of records since the log was opened, with those it held then: now, at the start of a round, and when one is due.
    private long _appendedBytes, _roundBytes, _dueBytes;

    // Until the next file is in use nothing more is prepared: there was no space.
    private bool _hasGivenUp;

    private CellLog(IDisk disk, CellLogOptions options, Segment segment, RecoveryReport report, CheckpointStore checkpoints, List<(long First, long Bytes)> closed)
    {
        (_disk, _options, _segment, _checkpoints, _closed) = (disk, options, segment, checkpoints, closed);
        Position = DurablePosition = report.LastPosition;
        _appendedBytes = report.Bytes;
        // What is damaged stays so until a new checkpoint replaces it.
        _dueBytes = report.DamagedBuckets > 0 || report.Damage.Count > 0 ? 0 : DueAfter;
    }

    /// <summary>The position of the last appended record; 0 when there is none.</summary>
    public long Position { get; private set; }

    /// <summary>The position up to which every record survives a crash.</summary>
    public long DurablePosition { get; private set; }

    /// <summary>Bytes of all its files that are in use, as far as they are durable; what is preallocated beyond them does not count.</summary>
    public long Bytes => _closed.Sum(static file => file.Bytes) + _segment.End;

    /// <summary>Bytes of the newest checkpoint.</summary>
    public long CheckpointBytes => _checkpoints.Bytes;

    /// <summary>The position up to which the newest checkpoint has it all; 0 without one.</summary>
    public long CheckpointPosition => _checkpoints.Base;

    /// <summary>True when so much was written since the last checkpoint that it is time for the next: see <see cref="Write"/>.</summary>
    public bool IsCheckpointDue => Position > _checkpoints.Base && _appendedBytes > _dueBytes;

    /// <summary>
    /// Opens the log in <paramref name="disk"/>, or starts one, and gives the newest checkpoint and then every record after it in order
    /// to <paramref name="receiver"/>. All of them are durable afterwards.
    /// A torn tail is cut off and reported. Throws <see cref="CorruptLogException"/> when a record that was durable cannot be read, unless
    /// <see cref="CellLogOptions.AcceptsDamage"/> is set: then the receiver is told whose state is in doubt, a copy of the damaged file is kept aside and the
    /// log goes on in a new one. Throws <see cref="LogFormatException"/> for another version's files, <see cref="DiskException"/>. The last
    /// flush is beyond proof: damage to it looks like a torn tail.
    /// </summary>
    public static CellLog Open(IDisk disk, CellLogOptions options, LogReceiver receiver, out RecoveryReport report)
    {
        Invariant.Holds(!options.Validate().Any(), "the options of a log are validated before it is opened");
        var checkpoints = new CheckpointStore(disk, options.Owner);
        var recovery = new LogRecovery(disk, options, receiver, checkpoints);
        var segment = recovery.Run(out report);
        return new CellLog(disk, options, segment, report, checkpoints, recovery.Closed);
    }

    /// <summary>As above, for a log that never had a checkpoint.</summary>
    public static CellLog Open(IDisk disk, CellLogOptions options, Action<ReadOnlyMemory<byte>> onRecord, out RecoveryReport report) =>
        Open(disk, options, LogReceiver.WithoutCheckpoint(onRecord), out report);

    /// <summary>
    /// Takes a record of at most <see cref="RecordBytesMax"/> bytes and gives its position, its ordinal from 1. It is in memory only
    /// until a <see cref="Flush"/>, except where this file is full or too much waits: then the records before it are flushed here.
    /// After a <see cref="DiskFullException"/> the record is not taken and the same call may be made again.
    /// </summary>
    public long Append(ReadOnlySpan<byte> record) => Append(record, TouchedBuckets.Every);

    /// <summary>As above, with the buckets that the record tells of.</summary>
    public long Append(ReadOnlySpan<byte> record, TouchedBuckets buckets)
    {
        Invariant.Holds(!_isBroken, "a log is not used after its disk failed");
        Invariant.Holds(record.Length <= RecordBytesMax, "a record is no longer than the cap");
        var size = LogHead.FrameSizeOf(record.Length, buckets);
        if (_pendingLength + (long)size > _options.PendingBytesMax) Flush();
        if (!_segment.HasRoom(_pendingLength + (long)size)) RollOver(size);
        LogHead.Write(Reserve(size), _segment.Seed, Position + 1, (uint)(Position - DurablePosition), record, buckets);
        _appendedBytes += size;
        return ++Position;
    }

    /// <summary>
    /// Writes and syncs all that was appended: one write, one sync, however many records. After a <see cref="DiskFullException"/> it
    /// may be called again; after any other failure the log is no longer usable and the process must stop.
    /// </summary>
    public void Flush()
    {
        Invariant.Holds(!_isBroken, "a log is not used after its disk failed");
        if (_pendingLength == 0) return;
        Guarded(() =>
        {
            _segment.File.Write(_segment.End, _pending.AsSpan(0, _pendingLength));
            if (!Planted.Is(Mutant.FlushWithoutSync)) _segment.File.SyncData();
        });
        _segment = _segment with { End = _segment.End + _pendingLength };
        _pendingLength = 0;
        DurablePosition = Position;
    }

    /// <summary>
    /// Makes a part of the next file ready once this one is more than half full, in step with how full it is. To be called between
    /// flushes, when nobody waits; without it a roll-over makes the whole file at once. Takes no space that a record needs: on a full
    /// disk it gives up.
    /// </summary>
    public void Prepare()
    {
        Invariant.Holds(!_isBroken, "a log is not used after its disk failed");
        var beyondHalf = _segment.End - (_segment.Length / 2);
        if (beyondHalf <= 0 || _hasGivenUp) return;
        try
        {
            Guarded(() =>
            {
                _next ??= new NextSegment(_disk, _options.SegmentBytes);
                _next.ZeroTo(Math.Min(2 * beyondHalf, _next.Zeroed + PrepareBytesMax));
            });
        }
        catch (DiskFullException)
        {
            _hasGivenUp = true;
            GiveUpNext();
        }
    }

    /// <summary>
    /// Writes a piece of a checkpoint, between flushes; flushes first what the piece may tell of. The last piece makes the checkpoint
    /// the newest, and the files whose records are all in it are deleted. Without space for it the round is given up and the log goes
    /// on; any other failure is as that of a <see cref="Flush"/>. A <see cref="DiskFullException"/> is thrown only for the records.
    /// </summary>
    public CheckpointStep Write(CheckpointPiece piece)
    {
        Invariant.Holds(!_isBroken, "a log is not used after its disk failed");
        if (piece.Through > DurablePosition) Flush();
        if (piece.BeginsRound) _roundBytes = _appendedBytes;
        var step = CheckpointStep.Written;
        try
        {
            Guarded(() =>
            {
                if (!_checkpoints.Write(piece, DurablePosition)) return;
                step = CheckpointStep.Completed;
                DropReplaced();
                _dueBytes = _roundBytes + DueAfter;
            });
        }
        catch (DiskFullException)
        {
            step = CheckpointStep.GivenUp;
            Guarded(_checkpoints.GiveUp);
            // Not again at once: nothing suggests that there is more space.
            _dueBytes = _appendedBytes + (_options.CheckpointBytes / 8);
        }

        return step;
    }

    /// <summary>Closes the files. Does not flush: what was not flushed was promised to nobody.</summary>
    public void Dispose()
    {
        _segment.Dispose();
        _next?.Dispose();
        _checkpoints.Dispose();
    }

    private long DueAfter => Math.Max(_options.CheckpointBytes, _checkpoints.Bytes);

    // A file goes once the one after it begins no later than the first record to replay. The file in use stays.
    private void DropReplaced()
    {
        while (_closed.Count > 0 && (_closed.Count > 1 ? _closed[1].First : _segment.First) <= _checkpoints.Base + 1)
        {
            _disk.Delete(Segment.NameOf(_closed[0].First));
            _closed.RemoveAt(0);
        }
    }

    // The old file is complete and durable before the new one appears: only the last file can have a torn tail.
    private void RollOver(int size)
    {
        Flush();
        var header = new SegmentHeader(_options.Owner, Position + 1);
        var bytes = Math.Max(_options.SegmentBytes, SegmentHeader.Size + size);
        if (bytes > _options.SegmentBytes) GiveUpNext();
        try
        {
            Guarded(() =>
            {
                var next = _next is null ? Segment.Create(_disk, header, bytes) : _next.Become(header);
                _closed.Add((_segment.First, _segment.End));
                _segment.Dispose();
                (_segment, _next, _hasGivenUp) = (next, null, false);
            });
        }
        catch (DiskFullException)
        {
            GiveUpNext();
            throw;
        }
    }

    private void GiveUpNext()
    {
        Guarded(() => _next?.Discard());
        _next = null;
    }

    private void Guarded(Action io)
    {
        try
        {
            _isBroken = true;
            io();
            _isBroken = false;
        }
        catch (DiskFullException)
        {
            _isBroken = false;
            throw;
        }
    }

    private Span<byte> Reserve(int size)
    {
        if (_pending.Length - _pendingLength < size)
            Array.Resize(ref _pending, (int)Math.Max(_pendingLength + (long)size, Math.Min(2L * _pending.Length, _options.PendingBytesMax)));
        _pendingLength += size;
        return _pending.AsSpan(_pendingLength - size, size);
    }
}
