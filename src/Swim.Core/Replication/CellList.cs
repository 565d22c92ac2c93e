namespace Swim.Core.Replication;

/// <summary>
/// The cells of one workflow in the order of kind and subkey: sorted runs of at most <see cref="RunCellsMax"/>, one run for nearly every
/// workflow. Finding takes the steps of two binary searches; putting one in moves at most one run, and once in some hundred cells
/// the list of runs. A cell costs a reference, where a tree costs a node.
/// </summary>
internal sealed class CellList
{
    /// <summary>Most cells of one run.</summary>
    public const int RunCellsMax = 128;

    private const int FirstCells = 4;
    private Run[] _runs = [new Run { Cells = [] }];
    private int _runCount = 1;

    /// <summary>All cells, ascending. It must not change meanwhile.</summary>
    public IEnumerable<Cell> All => From(new CellSpot(0, 0, false));

    /// <summary>Where the cell of that kind and subkey is, or would be; valid until the list changes.</summary>
    public CellSpot Locate(CellKind kind, Subkey subkey)
    {
        var run = RunOf(kind, subkey);
        var cells = _runs[run].Cells.AsSpan(0, _runs[run].Count);
        // Frames bring them in their order.
        if (cells.Length > 0 && Compare(cells[^1], kind, subkey) < 0) return new CellSpot(run, cells.Length, false);
        var (from, to) = (0, cells.Length);
        while (from < to)
        {
            var middle = (from + to) >> 1;
            var order = Compare(cells[middle], kind, subkey);
            if (order == 0) return new CellSpot(run, middle, true);
            if (order < 0) from = middle + 1;
            else to = middle;
        }

        return new CellSpot(run, from, false);
    }

    /// <summary>The cell there, or null where none is.</summary>
    public Cell? At(CellSpot spot) => spot.IsFound ? _runs[spot.Run].Cells[spot.Index] : null;

    /// <summary>The cell before that place, or null where it is the first.</summary>
    public Cell? Before(CellSpot spot)
    {
        if (spot.Index > 0) return _runs[spot.Run].Cells[spot.Index - 1];
        return spot.Run > 0 ? _runs[spot.Run - 1].Cells[_runs[spot.Run - 1].Count - 1] : null;
    }

    /// <summary>The cell there, if any, and all after it, ascending.</summary>
    public IEnumerable<Cell> From(CellSpot spot)
    {
        for (var (run, index) = (spot.Run, spot.Index); run < _runCount; (run, index) = (run + 1, 0))
        {
            for (; index < _runs[run].Count; index++) yield return _runs[run].Cells[index];
        }
    }

    /// <summary>Puts a cell where <see cref="Locate"/> said, in the place of the one that is there.</summary>
    public void Put(CellSpot spot, Cell cell)
    {
        if (spot.IsFound) _runs[spot.Run].Cells[spot.Index] = cell;
        else if (_runs[spot.Run].Count < RunCellsMax) _runs[spot.Run].Insert(spot.Index, cell);
        else PutIntoFull(spot, cell);
    }

    /// <summary>Takes out the cell there.</summary>
    public void Remove(CellSpot spot)
    {
        _runs[spot.Run].Remove(spot.Index);
        if (_runs[spot.Run].Count > 0 || _runCount == 1) return;
        _runCount--;
        Array.Copy(_runs, spot.Run + 1, _runs, spot.Run, _runCount - spot.Run);
        _runs[_runCount] = default;
    }

    // What comes in order fills its runs; what does not halves them.
    private void PutIntoFull(CellSpot spot, Cell cell)
    {
        var isEnd = spot is { Index: RunCellsMax } && spot.Run == _runCount - 1;
        var half = isEnd ? RunCellsMax : RunCellsMax / 2;
        OpenRun(spot.Run + 1, _runs[spot.Run].CutFrom(half));
        var (run, index) = spot.Index < half || (spot.Index == half && !isEnd) ? (spot.Run, spot.Index) : (spot.Run + 1, spot.Index - half);
        _runs[run].Insert(index, cell);
    }

    private void OpenRun(int at, Run run)
    {
        if (_runCount == _runs.Length) Array.Resize(ref _runs, _runCount * 2);
        Array.Copy(_runs, at, _runs, at + 1, _runCount - at);
        _runs[at] = run;
        _runCount++;
    }

    // The last run that does not begin behind the key; the first where all do.
    private int RunOf(CellKind kind, Subkey subkey)
    {
        var (from, to) = (1, _runCount);
        while (from < to)
        {
            var middle = (from + to) >> 1;
            if (Compare(_runs[middle].Cells[0], kind, subkey) <= 0) from = middle + 1;
            else to = middle;
        }

        return from - 1;
    }

    private static int Compare(Cell cell, CellKind kind, Subkey subkey)
    {
        var order = (byte)cell.Key.Kind - (byte)kind;
        return order != 0 ? order : cell.Key.Subkey.CompareTo(subkey);
    }

    private struct Run
    {
        public Cell[] Cells;
        public int Count;

        public void Insert(int index, Cell cell)
        {
            if (Count == Cells.Length) Array.Resize(ref Cells, Math.Clamp(Count * 2, FirstCells, RunCellsMax));
            Array.Copy(Cells, index, Cells, index + 1, Count - index);
            Cells[index] = cell;
            Count++;
        }

        public void Remove(int index)
        {
            Count--;
            Array.Copy(Cells, index + 1, Cells, index, Count - index);
            Cells[Count] = null!;
        }

        public Run CutFrom(int index)
        {
            var tail = new Run { Cells = Cells[index..Count], Count = Count - index };
            Array.Clear(Cells, index, Count - index);
            Count = index;
            return tail;
        }
    }
}

/// <summary>A place in a <see cref="CellList"/>.</summary>
/// <param name="Run">Which run.</param>
/// <param name="Index">Where in it.</param>
/// <param name="IsFound">False where the cell is not there but would be put.</param>
internal readonly record struct CellSpot(int Run, int Index, bool IsFound);
