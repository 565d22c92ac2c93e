using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>The cells of one workflow, ordered by kind and subkey, with its definition read once.</summary>
public sealed class WorkflowCells(WorkflowId id, int bucket)
{
    private readonly CellList _cells = new();
    private LastWrite[] _lastWrites = [];
    private MergeReport? _merges;
    private DefinitionValue? _definition;
    private RunState? _run;
    private (WorkflowDefinition? Definition, bool Read) _read;
    private WorkflowCells? _nextAtPlace;

    /// <summary>Whose cells these are.</summary>
    public WorkflowId Id => id;

    /// <summary>Where they live.</summary>
    public int Bucket => bucket;

    /// <summary>The <see cref="Bucket.Version"/> of its last change.</summary>
    public long Version { get; private set; }

    /// <summary>All cells, ascending by kind and subkey.</summary>
    public IEnumerable<Cell> All => _cells.All;

    /// <summary>The submission; null until it arrived.</summary>
    public DefinitionValue? Submission =>
        _definition ??= Find(CellKind.Definition, default) is { } cell ? CellPayloads.Definition(cell) : null;

    /// <summary>True once all of the submission arrived.</summary>
    public bool IsComplete => Submission is { } submission && IsWhole(submission.Definition) && IsWhole(submission.Input);

    /// <summary>The definition to run; null until all of it and of the input arrived, or where this version cannot read it.</summary>
    public WorkflowDefinition? Definition
    {
        get
        {
            if (_read.Read || !IsComplete || BytesOf(Submission!.Definition) is not { } canonical) return _read.Definition;
            _read = (WorkflowReader.FromCanonical(canonical.Span).Definition, true);
            return _read.Definition;
        }
    }

    /// <summary>Where every task stands; follows the cells. Null until a definition that can be read arrived.</summary>
    public RunState? Run => Definition is { } definition ? _run ??= RunState.Of(this, definition) : null;

    /// <summary>
    /// Those that share its place: the same namespace and idempotency key with another document or input, submitted where nobody
    /// knew of this one.
    /// </summary>
    public IEnumerable<WorkflowCells> Rivals => _nextAtPlace is null ? [] : AtPlace.Skip(1).Where(IsRival);

    /// <summary>
    /// The rival that has the idempotency key, the one with the least id; null when this one has it, or none was given. Not the first
    /// submitted: copies of one submission have stamps of their own, and parts of a cluster that know different copies would each cancel
    /// another rival, until none was left. Ids never change, so the least is cancelled by nobody.
    /// </summary>
    public WorkflowId? SupersededBy
    {
        get
        {
            if (Planted.Is(Mutant.KeyByArrival)) return Rivals.Where(rival => rival.Version > Version).MaxBy(static rival => rival.Version)?.Id;
            var holder = Rivals.Select(static rival => rival.Id).Append(id).Min();
            return holder == id ? null : holder;
        }
    }

    /// <summary>True while this node, planning it, last saw it open: its end is still to be told of.</summary>
    internal bool WasSeenOpen { get; set; }

    /// <summary>True when it can be run and a task of it has not ended.</summary>
    public bool IsOpen => Run is { } run && !run.Outcome.IsTerminal();

    /// <summary>The last write of each writer in this workflow, overwritten since or not. Changes with the cells: to be copied where it is kept.</summary>
    internal ReadOnlySpan<LastWrite> LastWrites => _lastWrites;

    /// <summary>When it was submitted.</summary>
    public HlcTimestamp Created => Find(CellKind.Definition, default)?.Stamp ?? HlcTimestamp.Zero;

    /// <summary>The written phase.</summary>
    public WorkflowPhase Phase => Find(CellKind.Phase, default) is { } cell ? CellPayloads.Phase(cell) : WorkflowPhase.Active;

    /// <summary>The winning status of a task, or null while none was written.</summary>
    public TaskStatus? StatusOf(int task) => Find(CellKind.Status, new Subkey((ulong)task))?.Status;

    /// <summary>The run's input as JSON; empty where there is none, null while a part is missing.</summary>
    public ReadOnlyMemory<byte>? Input => Submission is null ? null : BytesOf(Submission.Input);

    /// <summary>The winning result of a task as JSON; null where there is none, or while a part is missing.</summary>
    public ReadOnlyMemory<byte>? ResultOf(int task) => WinnerOf(task) is { } cell ? BytesOf(RunPayloads.Result(cell).Output) : null;

    /// <summary>How many bytes <see cref="ResultOf"/> gives, without giving them; null as there.</summary>
    public int? ResultLengthOf(int task) => WinnerOf(task) is { } cell && RunPayloads.Result(cell).Output is var output && IsWhole(output) ? output.Length : null;

    /// <summary>The cell of the winning result of a task, or null.</summary>
    public Cell? WinnerOf(int task) =>
        StatusOf(task) is { State: TaskState.Succeeded } status ? Find(CellKind.Result, CellPayloads.ResultKey(task, status.Detail.Result)) : null;

    /// <summary>The bytes of a blob of this workflow; null while a part is missing.</summary>
    internal ReadOnlyMemory<byte>? BytesOf(Blob blob) => blob.Assemble(part => Find(CellKind.Chunk, part)?.Payload);

    private bool IsWhole(Blob blob) => blob.IsWhole(part => Find(CellKind.Chunk, part) is not null);

    /// <summary>All cells of a kind, ascending by subkey.</summary>
    public IEnumerable<Cell> OfKind(CellKind kind) => _cells.From(_cells.Locate(kind, default)).TakeWhile(cell => cell.Key.Kind == kind);

    /// <summary>The results of a task, winner or not, of all its generations.</summary>
    public IEnumerable<Cell> ResultsOf(int task) => _cells.From(_cells.Locate(CellKind.Result, new Subkey((ulong)task)))
        .TakeWhile(cell => cell.Key.Kind == CellKind.Result && cell.Key.Subkey.A == (ulong)task);

    /// <summary>
    /// Who ran what twice and who was given a result that lost, derived once per change; null where nothing of that kind happened, and
    /// until a definition that can be read arrived.
    /// </summary>
    public MergeReport? Merges
    {
        get
        {
            if (Run is not { } run) return null;
            // A rival may come without a change here.
            var report = _merges ??= MergeReports.Of(this, run);
            if (SupersededBy is { } holder) report = MergeReports.Yielded(report, this, holder);
            return report.IsEmpty ? null : report;
        }
    }

    /// <summary>The attempts of a task that ended without a result within a generation, ascending.</summary>
    public IEnumerable<(int Attempt, NodeId Executor, AttemptEndValue End)> EndsOf(int task, int generation) =>
        EndCells(task, generation, 0)
            .TakeWhile(cell => cell.Key.Subkey.B >> 32 == (ulong)generation)
            .Select(static cell => ((int)(uint)cell.Key.Subkey.B, new NodeId(cell.Key.Subkey.C), CellPayloads.AttemptEnd(cell)));

    /// <summary>True when that attempt is known to have ended without a result.</summary>
    public bool HasEnded(int task, int generation, int attempt) =>
        EndCells(task, generation, attempt).FirstOrDefault()?.Key.Subkey.B == CellPayloads.AttemptEndKey(task, generation, attempt, NodeId.None).B;

    /// <summary>The cell of that kind and subkey, or null.</summary>
    public Cell? Find(CellKind kind, Subkey subkey) => _cells.At(_cells.Locate(kind, subkey));

    /// <summary>
    /// How long the task could have run by now: since its last dependency ended, or its retry was due. By the stamps of the cells, so
    /// whoever plans can tell; zero for one that was granted before.
    /// </summary>
    internal TimeSpan WaitOf(TaskDefinition task, Now now)
    {
        var sinceMs = StatusOf(task.Index) switch
        {
            null => task.DependsOn.Aggregate(Created.PhysicalMs, (latestMs, dependency) => Math.Max(latestMs, StatusOf(dependency)?.Stamp.PhysicalMs ?? 0)),
            { State: TaskState.RetryWait } waiting => waiting.Detail.RetryAtUnixMs,
            _ => now.WallMs,
        };
        return TimeSpan.FromMilliseconds(Math.Max(0, now.WallMs - sinceMs));
    }

    /// <summary>The cell under this key, or null, and where it is or would be.</summary>
    internal Cell? Find(in CellKey key, out CellSpot spot)
    {
        spot = _cells.Locate(key.Kind, key.Subkey);
        return _cells.At(spot);
    }

    /// <summary>Puts a cell where <see cref="Find(in CellKey, out CellSpot)"/> said, in the place of the one that is there.</summary>
    internal void Put(CellSpot spot, Cell cell, long version)
    {
        Version = version;
        _cells.Put(spot, cell);
        _run?.OnCell(cell.Key);
        _merges = null;
        if (cell.Key.Kind == CellKind.Definition) _definition = null;
        Note(cell);
    }

    /// <summary>
    /// The result that must go before another is put where <see cref="Find(in CellKey, out CellSpot)"/> said; it may be that one. Null while its task has
    /// fewer than <see cref="ResultValue.PerTaskMax"/>. The first in the order in which they would win stay, so every replica keeps the same ones.
    /// </summary>
    internal Cell? ExcessWith(Cell another, CellSpot spot)
    {
        var task = another.Key.Subkey.A;
        if (_cells.Before(spot) is not { Key.Kind: CellKind.Result } before || before.Key.Subkey.A != task) before = null;
        // Nearly all tasks have no other.
        if (before is null && (_cells.From(spot).FirstOrDefault() is not { Key.Kind: CellKind.Result } after || after.Key.Subkey.A != task)) return null;
        var all = ResultsOf((int)task).Append(another).ToList();
        return all.Count <= ResultValue.PerTaskMax ? null : all.Max(RunOrder.OfResults);
    }

    /// <summary>Takes out a result.</summary>
    internal void Remove(Cell cell, long version)
    {
        Invariant.Holds(cell.Key.Kind == CellKind.Result, "only results go singly");
        Version = version;
        _cells.Remove(_cells.Locate(cell.Key.Kind, cell.Key.Subkey));
        _run?.OnCell(cell.Key);
        _merges = null;
    }

    /// <summary>This one and the others at its place.</summary>
    internal IEnumerable<WorkflowCells> AtPlace
    {
        get
        {
            yield return this;
            for (var other = _nextAtPlace; other is not null && other != this; other = other._nextAtPlace) yield return other;
        }
    }

    /// <summary>Joins the ring of those at one place.</summary>
    internal void ShareWith(WorkflowCells other) => (_nextAtPlace, other._nextAtPlace) = (other._nextAtPlace ?? other, this);

    // Few actors write in one workflow. One that comes late is news all the same: who held all that was here before may lack it.
    private void Note(Cell cell)
    {
        for (var i = 0; i < _lastWrites.Length; i++)
        {
            if (_lastWrites[i].Actor != cell.Dot.Actor) continue;
            _lastWrites[i] = _lastWrites[i] with { Seq = Math.Max(_lastWrites[i].Seq, cell.Dot.Seq), Version = Version };
            return;
        }

        _lastWrites = [.. _lastWrites, new LastWrite(cell.Dot.Actor, cell.Dot.Seq, cell.Node, Version)];
    }

    // Those of one task from an attempt on, ascending by generation, attempt and executor.
    private IEnumerable<Cell> EndCells(int task, int generation, int attempt) => _cells
        .From(_cells.Locate(CellKind.AttemptEnd, CellPayloads.AttemptEndKey(task, generation, attempt, NodeId.None)))
        .TakeWhile(cell => cell.Key.Kind == CellKind.AttemptEnd && cell.Key.Subkey.A == (ulong)task);

    /// <summary>Leaves the ring of those at one place; gives one that stays, or null.</summary>
    internal WorkflowCells? LeavePlace()
    {
        if (_nextAtPlace is not { } next) return null;
        var before = AtPlace.Last();
        before._nextAtPlace = next == before ? null : next;
        _nextAtPlace = null;
        return next;
    }

    private bool IsRival(WorkflowCells other) =>
        Submission is { Key.Length: > 0 } mine && other.Submission is { } its && its.Key == mine.Key && its.Namespace == mine.Namespace;
}
