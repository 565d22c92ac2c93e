using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>
/// The write-ahead log: records in the order of <see cref="Append"/>, durable as far as <see cref="DurablePosition"/>. A crash loses
/// at most what was not durable and never leaves a gap, a half record or a record nobody appended. Synchronous; one caller at a time.
/// A record is the atomic unit. Files: <see cref="SegmentHeader"/>, then frames (<see cref="LogFrame"/>), then zeros.
/// </summary>
public sealed class CellLog : IDisposable
{
    /// <summary>The largest record, in bytes: 16 MiB.</summary>
    public const int RecordBytesMax = 16 << 20;

    // What one call may zero at most, also where a restart found the file nearly full.
    private const int PrepareBytesMax = 4 * NextSegment.PieceBytes;

    private readonly IDisk _disk;
    private readonly CellLogOptions _options;
    private Segment _segment;
    private byte[] _pending = new byte[4096];
    private int _pendingLength;
    private bool _isBroken;
    private long _bytesBefore;
    private NextSegment? _next;

    // Until the next file is in use nothing more is prepared: there was no space.
    private bool _hasGivenUp;

    private CellLog(IDisk disk, CellLogOptions options, Segment segment, RecoveryReport report)
    {
        (_disk, _options, _segment, _bytesBefore) = (disk, options, segment, report.Bytes - segment.End);
        Position = DurablePosition = report.LastPosition;
    }

    /// <summary>The position of the last appended record; 0 when there is none.</summary>
    public long Position { get; private set; }

    /// <summary>The position up to which every record survives a crash.</summary>
    public long DurablePosition { get; private set; }

    /// <summary>Bytes of all its files that are in use, as far as they are durable; what is preallocated beyond them does not count.</summary>
    public long Bytes => _bytesBefore + _segment.End;

    /// <summary>
    /// Opens the log in <paramref name="disk"/>, or starts one, and gives every record in order to
    /// <paramref name="onRecordRecovered"/>; its memory is valid only during the call. All of them are durable afterwards.
    /// A torn tail is cut off and reported. Throws <see cref="CorruptLogException"/> when a record that was durable cannot be read,
    /// <see cref="LogFormatException"/> for another version's files, <see cref="DiskException"/>. The last flush is beyond proof:
    /// damage to it looks like a torn tail.
    /// </summary>
    public static CellLog Open(IDisk disk, CellLogOptions options, Action<ReadOnlyMemory<byte>> onRecordRecovered, out RecoveryReport report)
    {
        Invariant.Holds(!options.Validate().Any(), "the options of a log are validated before it is opened");
        var segment = new LogRecovery(disk, options, onRecordRecovered).Run(out report);
        return new CellLog(disk, options, segment, report);
    }

    /// <summary>
    /// Takes a record of at most <see cref="RecordBytesMax"/> bytes and gives its position, its ordinal from 1. It is in memory only
    /// until a <see cref="Flush"/>, except where this file is full or too much waits: then the records before it are flushed here.
    /// After a <see cref="DiskFullException"/> the record is not taken and the same call may be made again.
    /// </summary>
    public long Append(ReadOnlySpan<byte> record)
    {
        Invariant.Holds(!_isBroken, "a log is not used after its disk failed");
        Invariant.Holds(record.Length <= RecordBytesMax, "a record is no longer than the cap");
        var size = LogFrame.HeaderSize + record.Length;
        if (_pendingLength + (long)size > _options.PendingBytesMax) Flush();
        if (!_segment.HasRoom(_pendingLength + (long)size)) RollOver(size);
        LogFrame.Write(Reserve(size), _segment.Seed, Position + 1, (uint)(Position - DurablePosition), record);
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
            _segment.File.SyncData();
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
        var beyondHalf = _segment.End - (_segment.File.Length / 2);
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

    /// <summary>Closes the files. Does not flush: what was not flushed was promised to nobody.</summary>
    public void Dispose()
    {
        _segment.Dispose();
        _next?.Dispose();
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
                _bytesBefore += _segment.End;
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
