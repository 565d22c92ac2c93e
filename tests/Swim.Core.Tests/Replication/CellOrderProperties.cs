using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;

namespace Swim.Core.Tests.Replication;

/// <summary>The order of values under one key, over few values so that every tie is met. Whatever two nodes compare, one of the two wins on both.</summary>
[Properties(Arbitrary = [typeof(CellOrderProperties)], MaxTest = 2_000, QuietOnSuccess = true)]
public sealed class CellOrderProperties
{
    private static readonly CellKey Key = new(new WorkflowId(1, 1), (CellKind)0x9E, default);

    public static Arbitrary<Cell> Cells() => Arb.From(
        from stamp in Gen.Choose(1, 3)
        from node in Gen.Choose(1, 2)
        from actor in Gen.Choose(1, 2)
        from seq in Gen.Choose(1, 2)
        from payload in Gen.Choose(0, 2)
        select new Cell(Key, new HlcTimestamp((ulong)stamp), new NodeId((ulong)node), new Dot((ulong)actor, (ulong)seq), new byte[payload]));

    [Property]
    public bool The_order_is_antisymmetric(Cell a, Cell b) => Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a));

    [Property]
    public bool The_order_is_transitive(Cell a, Cell b, Cell c)
    {
        Cell[] sorted = [a, b, c];
        Array.Sort(sorted, static (one, other) => one.CompareTo(other));
        return sorted[0].CompareTo(sorted[1]) <= 0 && sorted[1].CompareTo(sorted[2]) <= 0 && sorted[0].CompareTo(sorted[2]) <= 0;
    }

    [Property]
    public bool Only_cells_that_are_the_same_to_the_byte_compare_as_equal(Cell a, Cell b) =>
        a.CompareTo(b) == 0 == ((a.Stamp, a.Node, a.Dot) == (b.Stamp, b.Node, b.Dot) && a.Payload.Span.SequenceEqual(b.Payload.Span)) && a.SameAs(b) == (a.CompareTo(b) == 0);

    [Property]
    public bool A_later_stamp_wins_whoever_wrote(Cell a, Cell b) => a.Stamp == b.Stamp || a.CompareTo(b) > 0 == a.Stamp > b.Stamp;
}
