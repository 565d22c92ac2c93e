namespace Swim.Core.Storage;

/// <summary>
/// The file that will follow the log's last one, made ready a piece at a time, so that no flush waits for all of it at once. Until it
/// is used it has a temporary name, and a crash leaves nothing but that.
/// </summary>
internal sealed class NextSegment : IDisposable
{
    /// <summary>How much is zeroed and synced at once, in bytes.</summary>
    public const int PieceBytes = 1 << 20;

    private static readonly byte[] _zeros = new byte[PieceBytes];
    private readonly IDisk _disk;
    private readonly IDiskFile _file;
    private readonly long _bytes;

    /// <summary>Begins a file that is to have <paramref name="bytes"/>.</summary>
    public NextSegment(IDisk disk, long bytes)
    {
        Segment.DeleteUnfinished(disk);
        (_disk, _bytes) = (disk, bytes);
        _file = disk.Create(Segment.NextName, 0);
    }

    /// <summary>How many bytes are zeroed and durable.</summary>
    public long Zeroed { get; private set; }

    /// <summary>Goes on until at least <paramref name="bytes"/>, or the whole, are zeroed and durable.</summary>
    public void ZeroTo(long bytes)
    {
        var end = Math.Min(bytes, _bytes);
        while (Zeroed < end)
        {
            var piece = (int)Math.Min(PieceBytes, _bytes - Zeroed);
            _file.Write(Zeroed, _zeros.AsSpan(0, piece));
            _file.SyncData();
            Zeroed += piece;
        }
    }

    /// <summary>Zeroes what is left and makes it the file that starts with the record <paramref name="header"/> names.</summary>
    public Segment Become(SegmentHeader header)
    {
        ZeroTo(_bytes);
        var seed = Segment.WriteHeader(_file, header);
        _file.Dispose();
        return Segment.Appear(_disk, header, seed);
    }

    /// <summary>Gives up: the space it took is free again.</summary>
    public void Discard()
    {
        _file.Dispose();
        Segment.DeleteUnfinished(_disk);
    }

    /// <summary>Closes the file, whatever its state; the next start removes it.</summary>
    public void Dispose() => _file.Dispose();
}
