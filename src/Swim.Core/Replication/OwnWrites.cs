using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>What one call of the core wrote in one bucket: of each cell the last write.</summary>
internal sealed class OwnWrites
{
    /// <summary>Cells of a frame: 512 KiB, or one cell more.</summary>
    public const int FrameBytesMax = Repairer.PageBytesMax;

    private readonly SortedDictionary<CellKey, Cell> _cells = [];
    private ulong _from;
    private ulong _to;
    private long _bytes;

    /// <summary>Takes the next write.</summary>
    public void Add(Cell cell)
    {
        if (_from == 0) _from = cell.Dot.Seq;
        _to = cell.Dot.Seq;
        _bytes += Repairer.BytesOf(cell);
        _cells[cell.Key] = cell;
    }

    /// <summary>
    /// The writes as frames, mostly one. Of several each tells of the writes since the one before: none is seen before its cell, or one
    /// that overwrote it, is in the same frame or known to be missing.
    /// </summary>
    public IEnumerable<DeltaFrame> Frames(int bucket, ulong actor)
    {
        var logged = _cells.Values.Where(IsLogged);
        return _bytes <= FrameBytesMax ? [new DeltaFrame(bucket, actor, _from, _to, [.. logged], null)] : Split(bucket, actor, logged.OrderBy(static cell => cell.Dot.Seq));
    }

    private IEnumerable<DeltaFrame> Split(int bucket, ulong actor, IEnumerable<Cell> cells)
    {
        var (from, bytes, part) = (_from, 0, new List<Cell>());
        foreach (var cell in cells)
        {
            if (bytes >= FrameBytesMax)
            {
                yield return Part(bucket, actor, from, part[^1].Dot.Seq, part);
                (from, bytes, part) = (part[^1].Dot.Seq + 1, 0, []);
            }

            part.Add(cell);
            bytes += Repairer.BytesOf(cell);
        }

        yield return Part(bucket, actor, from, _to, part);
    }

    private static DeltaFrame Part(int bucket, ulong actor, ulong from, ulong to, List<Cell> cells) => new(bucket, actor, from, to, [.. cells.OrderBy(static cell => cell.Key)], null);

    private static bool IsLogged(Cell cell) => cell.Key.Kind != CellKind.Result || !Planted.Is(Mutant.ResultLost);
}
