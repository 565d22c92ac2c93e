using System.Buffers;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// The buckets of one node and the record that this call appends to the log. Every change of one call, own writes and received
/// ones, makes one record: the atomic unit on disk. A context advances only in the record that applies the cells.
/// </summary>
internal sealed class CellStore(HybridLogicalClock clock)
{
    private const ulong GapSpanMax = 4_096;
    private const int MetaFields = 4;
    private readonly SortedDictionary<int, Bucket> _buckets = [];
    private readonly OpenRecord _record = new();
    private readonly LastOwnWrites _lastOwn = new();
    private bool _actorChanged;
    private readonly RollbackWatch _rollback = new();
    private readonly ChangedWorkflows _changed = new();

    // Buckets whose state is not in the newest checkpoint.
    private SortedSet<int> _unsaved = [];
    private readonly SortedSet<int> _damaged = [];
    private bool _isAllDamaged;
    private List<(Cell Before, Cell After)> _flips = [];

    /// <summary>The writer id of this node's dots.</summary>
    public ulong Actor { get; private set; }

    /// <summary>The buckets that hold something, ascending.</summary>
    public IEnumerable<Bucket> Buckets => _buckets.Values;

    /// <summary>Those of them that hold workflows, ascending.</summary>
    public IEnumerable<Bucket> WorkflowBuckets => _buckets.Values.Where(static bucket => bucket.Number != Ring.Buckets.System);

    /// <summary>How many cells are held.</summary>
    public long CellCount { get; private set; }

    /// <summary>Writes under a new id from now on.</summary>
    public void UseActor(ulong actor)
    {
        Invariant.Holds(actor != 0, "an actor id is not zero");
        Invariant.Holds(_record.Own.Count == 0, "the writer id changes between records");
        Become(actor);
        _lastOwn.Clear();
        _actorChanged = true;
    }

    /// <summary>The writer ids known.</summary>
    public Writers Writers { get; } = new();

    /// <summary>True where this node wrote and gave all of it away: it may have left since, and others have forgotten under which id it wrote.</summary>
    public bool HasGivenAllAway => !_lastOwn.IsEmpty && !WorkflowBuckets.Any(static bucket => bucket.IsInUse);

    /// <summary>The bucket, or null while it holds nothing.</summary>
    public Bucket? Find(int bucket) => _buckets.GetValueOrDefault(bucket);

    /// <summary>The cells of a workflow, or null.</summary>
    public WorkflowCells? Find(Workflows.WorkflowId workflow) => Find(Ring.Buckets.BucketOf(workflow.Place))?.Find(workflow);

    /// <summary>
    /// True, once, when another node has seen writes of this node that it knows nothing of: its disk is older than it was, and the numbers of new
    /// writes may be taken. Waits for the end of the record where this call has written already.
    /// </summary>
    public bool TakeRollback() => _record.Own.Count == 0 && _rollback.Take();

    /// <summary>Adds the workflows changed since the last call, in no order.</summary>
    public void TakeChanged(List<Workflows.WorkflowId> into) => _changed.Take(into);

    /// <summary>How many results did not stay, since their task had all that are kept.</summary>
    public long CappedCount => _buckets.Values.Sum(static bucket => bucket.CappedCount);

    /// <summary>The ends of tasks that others displaced since the last call.</summary>
    public IReadOnlyList<(Cell Before, Cell After)> TakeFlips()
    {
        if (_flips.Count == 0) return [];
        var flips = _flips;
        _flips = [];
        return flips;
    }

    /// <summary>True when some state on the disk could not be read: this node no longer knows all that it wrote.</summary>
    public bool IsDamaged => _isAllDamaged || _damaged.Count > 0;

    /// <summary>The buckets changed since the last checkpoint began; from now on they count as saved.</summary>
    public SortedSet<int> TakeUnsaved()
    {
        var unsaved = _unsaved;
        _unsaved = [];
        return unsaved;
    }

    /// <summary>These buckets were not saved after all.</summary>
    public void ReturnUnsaved(IEnumerable<int> buckets) => _unsaved.UnionWith(buckets);

    /// <summary>Writes a cell of this node's own under a fresh dot.</summary>
    public Dot Write(NodeId self, HlcTimestamp stamp, CellKey key, byte[] payload) =>
        Write(self, stamp, dot => new Cell(key, stamp, self, dot, payload), Ring.Buckets.BucketOf(key.Workflow.Place));

    /// <summary>Writes a cell whose key depends on its dot.</summary>
    public Dot Write(NodeId self, HlcTimestamp stamp, Func<Dot, Cell> make, int number)
    {
        Invariant.Holds(Actor != 0, "a node writes only once it has a writer id");
        var bucket = Open(number);
        var cell = make(NextDot(bucket));
        Invariant.Holds(cell.Payload.Length <= Cell.PayloadBytesMax, "an own cell fits its cap");
        Apply(bucket, cell);
        if (!_record.Own.TryGetValue(number, out var own)) _record.Own[number] = own = new OwnWrites();
        own.Add(cell);
        _unsaved.Add(number);
        return cell.Dot;
    }

    /// <summary>
    /// Merges a frame whose cells were checked; it becomes part of this call's record unless nothing in it is new. A push advances
    /// the context by its writes, a repair frame by its whole context. True when something was new.
    /// </summary>
    public bool Merge(DeltaFrame frame)
    {
        var bucket = Open(frame.Bucket);
        Writers.Note(frame);
        _rollback.Look(frame, Actor, Math.Max(bucket.Context.SeenUpTo(Actor), _lastOwn.Of(Actor, frame.Bucket)) + 1);
        var applied = Apply(bucket, frame.Cells);
        var seen = bucket.Context.SeenUpTo(frame.Actor);
        // Writes beyond a gap are kept one by one; a frame that claims very many is left to repair, which closes the gap.
        var isTakenIn = frame.Actor != 0 && seen < frame.SeqTo && (frame.SeqFrom <= seen + 1 || frame.SeqTo - frame.SeqFrom < GapSpanMax);
        var from = Planted.Is(Mutant.ContextAheadOfData) ? 1 : frame.SeqFrom;
        var advances = isTakenIn && bucket.Context.AddRange(frame.Actor, from, frame.SeqTo);
        var learns = frame.Context is not null && bucket.Context.Merge(frame.Context);
        if (applied.Count == 0 && !learns && !advances) return false;
        _record.Received.Add(applied.Count == frame.Cells.Count ? frame : frame with { Cells = applied });
        _unsaved.Add(frame.Bucket);
        return true;
    }

    /// <summary>Forgets something of a bucket; becomes part of this call's record.</summary>
    public void Forget(Forgetting forgetting)
    {
        Apply(forgetting);
        _record.Forgettings.Add(forgetting);
    }

    /// <summary>
    /// Drops all cells of a bucket and what was seen of it, in the record of this call; others must hold them. Nothing of it may be
    /// part of the record already: see <see cref="CanDrop"/>. The number of this node's last write in it is kept for ever.
    /// </summary>
    public void Drop(int number)
    {
        Invariant.Holds(CanDrop(number), "what a call wrote or received it does not drop");
        if (!_buckets.ContainsKey(number)) return;
        _record.Dropped[number] = Clear(number, 0);
        _unsaved.Add(number);
    }

    /// <summary>True when nothing of the bucket was written or received in this call.</summary>
    public bool CanDrop(int number) => !_record.TellsOf(number);

    /// <summary>True when this node wrote in the bucket before it dropped it, and has not learned of those writes again.</summary>
    public bool HasForgottenWrites(int number) =>
        _lastOwn.Of(Actor, number) > (Find(number)?.Context.SeenUpTo(Actor) ?? 0);

    /// <summary>Takes in what a checkpoint says of the node.</summary>
    public void RecoverMeta(ReadOnlyMemory<byte> meta)
    {
        var reader = new MessagePackReader(meta);
        var fields = reader.ReadArrayHeader();
        Become(reader.ReadUInt64());
        clock.Restore(new HlcTimestamp(reader.ReadUInt64()));
        for (var left = reader.ReadArrayHeader() / 2; left > 0; left--) _lastOwn.Keep(Actor, reader.ReadInt32(), reader.ReadUInt64());
        if (fields > MetaFields - 1) clock.RestoreBound(new HlcTimestamp(reader.ReadUInt64()));
    }

    /// <summary>
    /// What a checkpoint says of the node: <c>[actor, latest stamp, [bucket, last own write, ...], bound of stamps]</c>, the third of the buckets that were
    /// dropped. The stamp of an overwritten cell is nowhere else once the log's files before the checkpoint are gone.
    /// </summary>
    public byte[] EncodeMeta()
    {
        var buffer = new ArrayBufferWriter<byte>(32);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(MetaFields);
        writer.Write(Actor);
        writer.Write(clock.Last.Value);
        _lastOwn.Write(ref writer, Actor);
        writer.Write(clock.Bound.Value);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Takes in the state of one bucket from a checkpoint.</summary>
    public void RecoverBlock(ReadOnlyMemory<byte> block)
    {
        var reader = new MessagePackReader(block);
        var frame = DeltaFrameCodec.Read(ref reader);
        foreach (var cell in frame.Cells) clock.Restore(cell.Stamp);
        var wasUnsaved = _unsaved.Contains(frame.Bucket);
        Merge(IsInDoubt(frame.Bucket) ? frame with { Context = null } : frame);
        ForgettingCodec.ReadState(ref reader, Open(frame.Bucket).Forgotten, IsInDoubt(frame.Bucket));
        EndRecovery();
        if (!wasUnsaved && !IsInDoubt(frame.Bucket)) _unsaved.Remove(frame.Bucket);
    }

    /// <summary>
    /// State of a bucket on the disk is lost. What the log still tells of it are cells; which writes those complete nobody knows
    /// any more, so its context is empty until a peer gives cells and context together.
    /// </summary>
    public void LoseBlock(int bucket)
    {
        if (Planted.Is(Mutant.DamageForgotten)) return;
        _damaged.Add(bucket);
        _unsaved.Add(bucket);
        Find(bucket)?.LoseKnowledge();
    }

    /// <summary>As above, for every bucket there may be.</summary>
    public void LoseAll()
    {
        if (Planted.Is(Mutant.DamageForgotten)) return;
        _isAllDamaged = true;
        _unsaved.UnionWith(_buckets.Keys);
        foreach (var bucket in _buckets.Values) bucket.LoseKnowledge();
    }

    /// <summary>Takes in one record of the log.</summary>
    public void Recover(ReadOnlyMemory<byte> record)
    {
        var reader = new MessagePackReader(record);
        var fields = reader.ReadArrayHeader();
        Become(reader.ReadUInt64());
        var frames = new List<DeltaFrame>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--) frames.Add(DeltaFrameCodec.Read(ref reader));
        var forgettings = fields > OpenRecord.FieldsMin ? ForgettingCodec.Read(ref reader) : [];
        if (fields > OpenRecord.FieldsMin + 1) RecoverDrops(ref reader);
        if (fields > OpenRecord.FieldsMin + 2) clock.RestoreBound(new HlcTimestamp(reader.ReadUInt64()));
        foreach (var read in frames) Recover(read);
        foreach (var forgetting in forgettings) Recover(forgetting);
        EndRecovery();
    }

    /// <summary>
    /// Closes the call: appends its record, if it changed anything, and gives this node's own frames, to be pushed.
    /// </summary>
    public IReadOnlyList<DeltaFrame> Commit(Outbox outbox)
    {
        if (_record.IsEmpty && !_actorChanged) return [];
        var own = _record.OwnFrames(Actor);
        outbox.Add(_record.Close(Actor, own, clock.Bound));
        _actorChanged = false;
        return own;
    }

    private void Become(ulong actor) => Writers.Note(Actor = actor);

    // What the disk itself told of this node's writes is no news from others.
    private void EndRecovery()
    {
        _rollback.Take();
        _record.Received.Clear();
        _flips.Clear();
    }

    private bool IsInDoubt(int bucket) => _isAllDamaged || _damaged.Contains(bucket);

    // Where the state of a bucket is lost, so is the knowledge that a floor stands for.
    private void Recover(Forgetting forgetting) => Apply(IsInDoubt(forgetting.Bucket) ? forgetting with { Floor = HlcTimestamp.Zero } : forgetting);

    private void Apply(Forgetting forgetting)
    {
        var bucket = Open(forgetting.Bucket);
        var before = bucket.CellCount;
        bucket.Forgotten.Raise(forgetting.Floor);
        foreach (var id in forgetting.Dropped) bucket.Forgotten.Drop(id);
        foreach (var id in forgetting.SetAside)
        {
            if (bucket.Take(id) is { } cells) bucket.Forgotten.SetAside(cells.All);
        }

        foreach (var (writer, seq) in forgetting.Retired) bucket.Retire(writer, seq);
        CellCount += bucket.CellCount - before;
        _unsaved.Add(forgetting.Bucket);
    }

    private void Recover(DeltaFrame frame)
    {
        foreach (var cell in frame.Cells) clock.Restore(cell.Stamp);
        if (Planted.Is(Mutant.DotsBeginAnew) && frame.Actor == Actor) frame = frame with { SeqTo = 0 };
        Merge(IsInDoubt(frame.Bucket) ? DeltaFrame.Repair(frame.Bucket, frame.Cells, null) : frame);
    }

    // Whatever was merged of the bucket so far, from a checkpoint too, is of before, or is told again by a later record.
    private void RecoverDrops(ref MessagePackReader reader)
    {
        for (var left = reader.ReadArrayHeader() / 2; left > 0; left--)
        {
            var number = reader.ReadInt32();
            Clear(number, reader.ReadUInt64());
            _unsaved.Add(number);
        }
    }

    // Gives the number of the last own write of the bucket, or what is known of it otherwise where that is more.
    private ulong Clear(int number, ulong known)
    {
        var bucket = Open(number);
        var last = Planted.Is(Mutant.DropForgetsOwnWrites) ? 0 : Math.Max(known, bucket.Context.Highest(Actor));
        CellCount -= bucket.CellCount;
        _buckets.Remove(number);
        // What was found and belongs to nobody is not handed over, and not lost either.
        if (bucket.Forgotten.Aside.Count > 0) Open(number).Forgotten.SetAside(bucket.Forgotten.Aside);
        _changed.Forget(number);
        _lastOwn.Keep(Actor, number, last);
        return _lastOwn.Of(Actor, number);
    }

    // After a drop the numbers go on; until the others tell of the writes before, they lie beyond a gap.
    private Dot NextDot(Bucket bucket)
    {
        if (_lastOwn.Of(Actor, bucket.Number) is var last && last == 0) return bucket.Context.Next(Actor);
        var dot = new Dot(Actor, Math.Max(last, bucket.Context.Highest(Actor)) + 1);
        bucket.Context.Add(dot);
        _lastOwn.Keep(Actor, bucket.Number, dot.Seq);
        return dot;
    }

    private Bucket Open(int number)
    {
        if (!_buckets.TryGetValue(number, out var bucket)) _buckets[number] = bucket = new Bucket(number) { Flipped = (before, after) => _flips.Add((before, after)) };
        return bucket;
    }

    // Those that were news; the same list where all were.
    private IReadOnlyList<Cell> Apply(Bucket bucket, IReadOnlyList<Cell> cells)
    {
        var count = 0;
        while (count < cells.Count && Apply(bucket, cells[count])) count++;
        if (count == cells.Count) return cells;
        var applied = cells.Take(count).ToList();
        for (var next = count + 1; next < cells.Count; next++)
        {
            if (Apply(bucket, cells[next])) applied.Add(cells[next]);
        }

        return applied;
    }

    private bool Apply(Bucket bucket, Cell cell)
    {
        var before = bucket.CellCount;
        if (!bucket.Merge(cell)) return false;
        CellCount += bucket.CellCount - before;
        if (bucket.Number != Ring.Buckets.System) _changed.Add(cell.Key.Workflow);
        return true;
    }
}
