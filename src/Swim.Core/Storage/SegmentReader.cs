namespace Swim.Core.Storage;

/// <summary>Reads the frames of one file through a sliding window. Allocates only for lengths checked against the file and the record cap.</summary>
internal sealed class SegmentReader(IDiskFile file, uint seed)
{
    private const int WindowBytes = 1 << 20;

    private readonly long _length = file.Length;
    private byte[] _window = [];
    private long _windowStart;
    private int _windowLength;

    /// <summary>Reads the frame at <paramref name="offset"/>; false when there is no valid one.</summary>
    public bool TryRead(long offset, out LogFrame frame)
    {
        frame = default;
        var head = Peek(offset, LogFrame.HeaderSize);
        if (head.Length < LogFrame.HeaderSize) return false;
        var (checksum, length, position, undurable) = LogFrame.ReadHeader(head.Span);
        if (length > CellLog.RecordBytesMax || length > _length - offset - LogFrame.HeaderSize) return false;
        var whole = Peek(offset, LogFrame.HeaderSize + (int)length);
        if (whole.Length < LogFrame.HeaderSize + (int)length || Crc32C.Of(whole.Span[4..], seed) != checksum) return false;
        frame = new LogFrame(position, undurable, whole[LogFrame.HeaderSize..]);
        return true;
    }

    /// <summary>
    /// True when the bytes in [<paramref name="offset"/>, <paramref name="end"/>) hold a valid frame that was appended after record
    /// <paramref name="missing"/> had become durable. Looks at every byte, because lengths on the way cannot be trusted.
    /// </summary>
    public bool ProvesDurable(long missing, long offset, long end)
    {
        for (; offset <= end - LogFrame.HeaderSize; offset++)
        {
            var (_, _, position, undurable) = LogFrame.ReadHeader(Peek(offset, LogFrame.HeaderSize).Span);
            var plausible = position > missing && position - missing <= _length && undurable < position - missing;
            if (plausible && TryRead(offset, out _)) return true;
        }
        return false;
    }

    /// <summary>The end of the last byte at or after <paramref name="offset"/> that is not zero; <paramref name="offset"/> when all are.</summary>
    public long EndOfData(long offset)
    {
        var end = offset;
        while (offset < _length)
        {
            var chunk = Peek(offset, (int)Math.Min(WindowBytes, _length - offset)).Span;
            if (chunk.IsEmpty) break;
            var last = chunk.LastIndexOfAnyExcept((byte)0);
            if (last >= 0) end = offset + last + 1;
            offset += chunk.Length;
        }
        return end;
    }

    // Up to count bytes at offset, fewer only at the end of the file; valid until the next call.
    private ReadOnlyMemory<byte> Peek(long offset, int count)
    {
        if (offset < _windowStart || offset + count > _windowStart + _windowLength) Fill(offset, count);
        var at = (int)(offset - _windowStart);
        return _window.AsMemory(at, Math.Min(count, _windowLength - at));
    }

    private void Fill(long offset, int count)
    {
        var wanted = (int)Math.Min(Math.Max(count, WindowBytes), Math.Max(0, _length - offset));
        if (_window.Length < wanted) _window = new byte[wanted];
        _windowStart = offset;
        _windowLength = file.Read(offset, _window.AsSpan(0, wanted));
    }
}
