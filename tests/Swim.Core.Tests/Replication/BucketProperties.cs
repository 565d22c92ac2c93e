using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Tests.Crdt;
using Swim.Core.Workflows;

namespace Swim.Core.Tests.Replication;

/// <summary>The cells of a bucket with tombstones among them: a tombstone beats whatever comes before or after it, in any order.</summary>
[Properties(Arbitrary = [typeof(Histories)], MaxTest = 200, EndSize = 60, QuietOnSuccess = true)]
public sealed class BucketProperties() : LatticeLaws<IReadOnlyList<Cell>>(Lattice)
{
    private const int Number = 3;

    private static readonly Lattice<IReadOnlyList<Cell>> Lattice = new(
        static () => [],
        static (left, right) => [.. Of(left.Concat(right)).CellsAndTombstones],
        static (state, step, index) =>
        {
            var cell = Write(step, index);
            return ([.. Of(state.Append(cell)).CellsAndTombstones], [cell]);
        },
        static state => Encoding.Of((ref MessagePackWriter writer) => DeltaFrameCodec.Write(ref writer, DeltaFrame.Repair(Number, state, null))),
        static bytes => Encoding.Read(bytes, static (ref MessagePackReader reader) => DeltaFrameCodec.Read(ref reader).Cells),
        static (left, right) => left.Count == right.Count && left.Zip(right).All(static pair => pair.First.SameAs(pair.Second)));

    [Property]
    public bool Digest_and_number_are_those_of_the_cells_that_are_left(History history)
    {
        var bucket = new Bucket(Number);
        for (var index = 0; index < history.Steps.Count; index++) bucket.Merge(Write(history.Steps[index], index));
        var again = Of(bucket.CellsAndTombstones);
        return bucket.Digest == again.Digest && bucket.CellCount == again.CellCount && bucket.CellCount == bucket.Cells.Count();
    }

    [Property]
    public bool Digests_are_equal_exactly_when_the_cells_are(History one, History other)
    {
        var (left, right) = (Of(one.Steps.Select(Write)), Of(other.Steps.Select(Write)));
        // Tombstones are no part of it: each replica drops them when it may.
        var areSame = left.CellCount == right.CellCount && left.Cells.Zip(right.Cells).All(static pair => pair.First.SameAs(pair.Second));
        return left.Digest == right.Digest == areSame;
    }

    [Property]
    public bool Who_has_a_tombstone_has_nothing_else(History history)
    {
        var bucket = Of(history.Steps.Select(Write));
        return bucket.Forgotten.Tombstones.All(tombstone => bucket.Find(tombstone.Cell.Key.Workflow) is null)
            && bucket.CellsAndTombstones.Zip(bucket.CellsAndTombstones.Skip(1)).All(static pair => pair.First.Key < pair.Second.Key);
    }

    private static Bucket Of(IEnumerable<Cell> cells)
    {
        var bucket = new Bucket(Number);
        foreach (var cell in cells) bucket.Merge(cell);
        return bucket;
    }

    // Two of the three workflows share a place.
    private static Cell Write(Step step, int index)
    {
        var choice = step.Choice % History.Elements;
        var workflow = new WorkflowId(((ulong)Number << 52) | (uint)choice / 2, (ulong)choice);
        var isTombstone = step.Kind == StepKind.Remove;
        var key = isTombstone ? new CellKey(workflow, CellKind.Tombstone, default) : new CellKey(workflow, (CellKind)0x1E, new Subkey((ulong)step.Choice / History.Elements));
        var stamp = HlcTimestamp.From(1_000 + (index % 4), 0);
        byte[] payload = isTombstone ? CellPayloads.Encode(new TombstoneValue(stamp, WorkflowState.Succeeded)) : [(byte)index];
        return new Cell(key, stamp, new NodeId((ulong)step.Replica + 1), new Dot((ulong)step.Replica + 1, (ulong)index + 1), payload);
    }
}
