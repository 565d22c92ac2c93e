using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Keeps what was forgotten from coming back: looks at the cells of other nodes before they are merged. One of a workflow that was
/// collected is answered with its tombstone; a workflow that is unknown here and was submitted below the floor is refused, and its
/// sender told. Where anything is refused nothing is marked seen: the context stays behind the cells.
/// </summary>
internal sealed class FloorGuard(ReplicaState state)
{
    /// <summary>Workflows refused so far; one that is offered again counts again.</summary>
    public long RefusedCount { get; private set; }

    /// <summary>The part of a frame that may be merged. Its cells were checked and ascend by key.</summary>
    public DeltaFrame Pass(NodeId from, DeltaFrame frame)
    {
        if (state.Store.Find(frame.Bucket) is not { } bucket || (bucket.Forgotten.Floor == HlcTimestamp.Zero && bucket.Forgotten.TombstoneCount == 0)) return frame;
        var pass = new Passing(bucket);
        foreach (var cells in frame.Cells.GroupBy(static cell => cell.Key.Workflow)) pass.Judge([.. cells]);
        Answer(from, bucket, pass);
        return pass.IsWhole ? frame : new DeltaFrame(frame.Bucket, 0, 0, 0, pass.Passed, null);
    }

    private void Answer(NodeId to, Bucket bucket, Passing pass)
    {
        if (pass.Tombstones.Count > 0) state.Send(to, new PushCells([DeltaFrame.Repair(bucket.Number, pass.Tombstones, null)]));
        if (pass.Refused.Count == 0) return;
        RefusedCount += pass.Refused.Count;
        foreach (var id in pass.Refused) state.Outbox.Notify(new WorkflowRefused(id, to));
        foreach (var ids in pass.Refused.Chunk(WorkflowsRefused.CountMax)) state.Send(to, new WorkflowsRefused(bucket.Number, ids));
    }

    private sealed class Passing(Bucket bucket)
    {
        public List<Cell> Passed { get; } = [];
        public List<Cell> Tombstones { get; } = [];
        public List<WorkflowId> Refused { get; } = [];
        public bool IsWhole { get; private set; } = true;

        public void Judge(IReadOnlyList<Cell> cells)
        {
            var id = cells[0].Key.Workflow;
            if (bucket.Forgotten.Find(id) is { } tombstone && cells[0].Key.Kind != CellKind.Tombstone) Tombstones.Add(tombstone);
            var isKnown = bucket.Forgotten.Find(id) is not null || bucket.Find(id)?.Submission is not null;
            if (isKnown || bucket.Forgotten.Floor == HlcTimestamp.Zero) Passed.AddRange(cells);
            else JudgeUnknown(id, cells);
        }

        private void JudgeUnknown(WorkflowId id, IReadOnlyList<Cell> cells)
        {
            // One that everybody had once and dropped: it comes from somebody who has not, and is not wanted again.
            if (cells[0].Key.Kind == CellKind.Tombstone && CellPayloads.Tombstone(cells[0]).Created < bucket.Forgotten.Floor) return;
            var definition = cells.FirstOrDefault(static cell => cell.Key.Kind is CellKind.Definition or CellKind.Tombstone);
            if (definition is not null && Created(definition) >= bucket.Forgotten.Floor)
            {
                Passed.AddRange(cells);
                return;
            }

            // Without its definition nobody can tell how old it is. It is not marked seen, so repair brings it, definition first.
            IsWhole = false;
            if (definition is not null || cells.Any(cell => cell.Stamp < bucket.Forgotten.Floor)) Refused.Add(id);
        }

        private static HlcTimestamp Created(Cell cell) => cell.Key.Kind == CellKind.Tombstone ? CellPayloads.Tombstone(cell).Created : cell.Stamp;
    }
}
