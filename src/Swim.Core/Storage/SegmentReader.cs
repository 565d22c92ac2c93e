namespace Swim.Core.Storage;

/// <summary>Reads the frames of one file through a sliding window. Allocates only for lengths checked against the file and the record cap.</summary>
internal sealed class SegmentReader(IDiskFile file, uint seed)
{
    private const int WindowBytes = 1 << 20;

    private readonly long _length = file.Length;
    private byte[] _window = [];
    private long _windowStart;
    private int _windowLength;

    /// <summary>The file's name.</summary>
    public string Name => file.Name;

    /// <summary>Reads the head at <paramref name="offset"/>; false when there is none whose record would lie in the file.</summary>
    public bool TryReadHead(long offset, out LogHead head) =>
        LogHead.TryRead(Peek(offset, LogHead.SizeMax).Span, seed, out head) && head.Length <= _length - offset - head.Size;

    /// <summary>Reads the record of the head at <paramref name="offset"/>; false when it is not as it was written. Valid until the next call.</summary>
    public bool TryReadRecord(long offset, in LogHead head, out ReadOnlyMemory<byte> record)
    {
        var frame = Peek(offset, head.FrameSize);
        record = frame.Length < head.FrameSize ? default : frame[head.Size..];
        return frame.Length == head.FrameSize && Crc32C.Of(record.Span, seed) == head.Checksum;
    }

    /// <summary>The buckets that the head at <paramref name="offset"/> names, which was read before.</summary>
    public TouchedBuckets BucketsAt(long offset) => LogHead.BucketsIn(Peek(offset, LogHead.SizeMax).Span);

    /// <summary>
    /// The heads in [<paramref name="offset"/>, <paramref name="end"/>), wherever they begin: lengths on the way cannot be trusted. Only such as can
    /// follow the missing record.
    /// </summary>
    public IEnumerable<(long Offset, LogHead Head)> HeadsFrom(long offset, long end, long missing)
    {
        for (; (offset = FindMagic(offset, end)) < end; offset++)
        {
            if (TryReadHead(offset, out var head) && head.Position >= missing && head.Position - missing <= _length) yield return (offset, head);
        }
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

    // Where the next magic begins; end when there is none.
    private long FindMagic(long offset, long end)
    {
        while (offset < end)
        {
            var chunk = Peek(offset, (int)Math.Min(WindowBytes, end - offset)).Span;
            var at = chunk.IndexOf(LogHead.Magic);
            if (at >= 0) return offset + at;
            if (chunk.Length < LogHead.Magic.Length) break;
            offset += chunk.Length - LogHead.Magic.Length + 1;
        }
        return end;
    }

    // Up to count bytes at offset, fewer only at the end of the file; valid until the next call.
    private ReadOnlyMemory<byte> Peek(long offset, int count)
    {
        if (offset < _windowStart || offset + count > _windowStart + _windowLength) Fill(offset, count);
        var at = (int)(offset - _windowStart);
        return _window.AsMemory(at, Math.Max(0, Math.Min(count, _windowLength - at)));
    }

    private void Fill(long offset, int count)
    {
        var wanted = (int)Math.Min(Math.Max(count, WindowBytes), Math.Max(0, _length - offset));
        if (_window.Length < wanted) _window = new byte[wanted];
        _windowStart = offset;
        _windowLength = wanted == 0 ? 0 : file.Read(offset, _window.AsSpan(0, wanted));
    }
}
