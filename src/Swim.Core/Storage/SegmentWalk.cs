namespace Swim.Core.Storage;

/// <summary>
/// Goes through the records of one file, in order: gives those that are as they were written, steps over those that were durable and are
/// not, and stops at the end or at a torn tail. Behind a record with a good head it goes on where the head says; behind a bad head at the
/// next good one. Used once.
/// </summary>
/// <param name="reader">The file.</param>
/// <param name="first">The position of its first record.</param>
/// <param name="firstOfNext">That of the file after it; null where it is the last.</param>
/// <param name="through">What else is known to have been durable.</param>
internal sealed class SegmentWalk(SegmentReader reader, long first, long? firstOfNext, long through)
{
    private long? _durable;

    /// <summary>The last record that was passed, read or not.</summary>
    public long Position { get; private set; } = first - 1;

    /// <summary>How many records were read.</summary>
    public long Records { get; private set; }

    /// <summary>Where the next record would begin.</summary>
    public long End { get; private set; } = SegmentHeader.Size;

    /// <summary>Called with each record and its position; the bytes are valid only during the call.</summary>
    public required Action<long, ReadOnlyMemory<byte>> OnRecord { get; init; }

    /// <summary>Called with each place that cannot be read; one that throws ends the walk.</summary>
    public required Action<LogDamage> OnDamage { get; init; }

    /// <summary>Bytes behind <see cref="End"/> that are not zero: a torn tail, in the last file.</summary>
    public long TornBytes => reader.EndOfData(End) - End;

    /// <summary>Goes to the end.</summary>
    public void Run()
    {
        while (Position + 1 != firstOfNext && Step())
        {
            // Each step passes at least one record.
        }
    }

    private bool Step()
    {
        if (!reader.TryReadHead(End, out var head) || head.Position != Position + 1) return PassUnknown();
        if (reader.TryReadRecord(End, head, out var record))
        {
            End += head.FrameSize;
            Records++;
            OnRecord(++Position, record);
            return true;
        }

        if (!WasDurable(head.Position)) return false;
        Pass(End + head.FrameSize, head.Position, reader.BucketsAt(End).Named);
        return true;
    }

    // There is no head, so nobody knows what was written here.
    private bool PassUnknown()
    {
        if (!WasDurable(Position + 1)) return false;
        var end = reader.EndOfData(End);
        foreach (var (offset, next) in reader.HeadsFrom(End, end, Position + 1))
        {
            if (next.Position >= firstOfNext) continue;
            Pass(offset, next.Position - 1, null);
            return true;
        }

        Pass(end, _durable!.Value, null);
        return true;
    }

    private void Pass(long end, long last, IReadOnlyList<int>? buckets)
    {
        OnDamage(new LogDamage(reader.Name, End, end - End, Position + 1, last, buckets));
        (End, Position) = (end, last);
    }

    private bool WasDurable(long position) => position <= (_durable ??= firstOfNext is { } next ? next - 1 : Math.Max(through, ProvedDurable()));

    // A head says what was durable when its record was appended.
    private long ProvedDurable() =>
        reader.HeadsFrom(End, reader.EndOfData(End), Position + 1).Select(static found => found.Head.DurableBefore).DefaultIfEmpty(0).Max();
}
