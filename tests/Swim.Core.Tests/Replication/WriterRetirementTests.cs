using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Xunit;
using static Swim.Core.Tests.Replication.WriterStates;

namespace Swim.Core.Tests.Replication;

/// <summary>Entries of writers that were given up go, once and for all, and nothing else does.</summary>
public sealed class WriterRetirementTests
{
    private static readonly ulong _old = IdOf(7, 0);
    private static readonly ulong _new = IdOf(7, 60_000);
    private static readonly ulong _last = IdOf(8, 0);

    [Fact]
    public void The_entry_of_who_was_given_up_before_all_that_was_heard_goes_and_others_stay()
    {
        var states = Filled();
        states.State.Horizon = At(59_000);
        states.Retirement.Tend(states.Held);
        Assert.Equal(3, states.Context.WriterCount);
        states.State.Horizon = At(62_000);
        states.Retirement.Tend(states.Held);
        Assert.Equal([_new, _last], states.Context.Vector.Keys);
        Assert.Equal(1, states.Retirement.RetiredCount);
    }

    [Fact]
    public void While_another_home_owner_was_not_found_to_hold_the_same_nothing_goes()
    {
        var states = new WriterStates(members: 2);
        states.Take((_old, 5), (_new, 2));
        states.State.Horizon = At(90_000);
        states.Retirement.Tend(states.Held);
        Assert.Equal(2, states.Context.WriterCount);
        states.Acks.OnEqual(Other, states.Held);
        states.Retirement.Tend(states.Held);
        Assert.Equal([_new], states.Context.Vector.Keys);
    }

    [Fact]
    public void The_entry_of_a_writer_that_a_cell_names_stays_and_goes_with_what_overwrites_it()
    {
        var states = new WriterStates();
        states.Take([CellOf(_old, 5)], (_old, 5), (_new, 2));
        states.State.Horizon = At(90_000);
        states.Retirement.Tend(states.Held);
        Assert.Equal(5UL, states.Context.SeenUpTo(_old));
        states.Take([CellOf(_new, 3, stampMs: 70_000)], (_new, 3));
        states.Retirement.Tend(states.Held);
        Assert.Equal(0UL, states.Context.SeenUpTo(_old));
    }

    [Fact]
    public void This_nodes_own_writer_never_goes()
    {
        var states = Filled();
        states.State.Store.UseActor(_old);
        states.State.Horizon = At(90_000);
        states.Retirement.Tend(states.Held);
        states.Retirement.OnRetired(states.State.Self, new WritersRetired(Number, [_old], [_new]));
        Assert.Equal(5UL, states.Context.SeenUpTo(_old));
    }

    [Fact]
    public void What_lies_beyond_a_gap_goes_too()
    {
        var states = Filled();
        states.State.Store.Merge(new DeltaFrame(Number, _old, 9, 9, [], null));
        Assert.NotEmpty(states.Context.Cloud);
        states.State.Horizon = At(90_000);
        states.Retirement.Tend(states.Held);
        Assert.Empty(states.Context.Cloud);
        Assert.Equal([_new, _last], states.Context.Vector.Keys);
    }

    [Fact]
    public void What_retired_is_retired_after_a_start_from_the_log()
    {
        var states = new WriterStates();
        var log = new List<ReadOnlyMemory<byte>>();
        states.Take((_old, 5), (_new, 2));
        log.AddRange(states.State.Outbox.Items.OfType<Persist>().Select(static record => record.Record));
        states.TakeSent();
        states.State.Horizon = At(90_000);
        states.Retirement.Tend(states.Held);
        states.State.Store.Commit(states.State.Outbox);
        log.AddRange(states.State.Outbox.Items.OfType<Persist>().Select(static record => record.Record));
        var again = new CellStore(new HybridLogicalClock());
        foreach (var record in log) again.Recover(record);
        Assert.Equal(2, log.Count);
        Assert.Equal([_new], again.Find(Number)!.Context.Vector.Keys);
    }

    [Fact]
    public void It_is_not_learned_again_and_who_still_has_it_is_told()
    {
        var states = Retired();
        states.Take((_old, 5), (_new, 2), (_last, 9));
        Assert.Equal([_new, _last], states.Context.Vector.Keys);
        Assert.Equal(9UL, states.Context.SeenUpTo(_last));
        var told = Assert.IsType<WritersRetired>(Assert.Single(states.TakeSent()));
        Assert.Equal(_old, Assert.Single(told.Writers));
        Assert.Equal(_new, Assert.Single(told.Nexts));
        Assert.Equal(5UL, states.Guard.SkippedUpTo(_old));
    }

    [Fact]
    public void It_is_learned_again_where_a_cell_of_it_comes()
    {
        var states = Retired();
        states.Take([CellOf(_old, 5, at: 1)], (_old, 5), (_new, 2));
        Assert.Equal(5UL, states.Context.SeenUpTo(_old));
        Assert.Empty(states.TakeSent());
    }

    [Fact]
    public void Who_knows_no_later_id_or_has_not_heard_so_much_learns_all()
    {
        var states = new WriterStates();
        states.Take((_new, 2));
        states.State.Horizon = At(50_000);
        states.Take((_old, 5), (_last, 1));
        Assert.Equal(3, states.Context.WriterCount);
    }

    [Fact]
    public void Who_is_told_lets_it_go_at_once_unless_a_cell_here_names_it()
    {
        var states = new WriterStates();
        states.Take([CellOf(_last, 1)], (_old, 5), (_last, 1));
        states.Retirement.OnRetired(states.State.Self, new WritersRetired(Number, [_old, _last], [_new, IdOf(8, 60_000)]));
        Assert.Equal([_last], states.Context.Vector.Keys);
    }

    [Fact]
    public void What_a_stranger_says_retires_nothing()
    {
        var states = Filled();
        states.Retirement.OnRetired(new NodeId(99), new WritersRetired(Number, [_old], [_new]));
        Assert.Equal(3, states.Context.WriterCount);
    }

    [Fact]
    public void A_context_with_more_writers_than_there_can_be_is_not_joined_and_its_cells_are()
    {
        var states = Filled();
        var entries = Enumerable.Range(1, DotContext.WritersMax + 1).Select(static at => ((ulong)at << 40, 1UL)).ToArray();
        var context = Huge(entries);
        states.State.Store.Merge(states.Guard.Pass(Other, DeltaFrame.Repair(Number, [CellOf(_last, 1)], context)));
        Assert.Equal((1L, 3, 1), (states.Guard.OverlongCount, states.Context.WriterCount, states.Held.CellCount));
    }

    // As its bytes would give it: a context of this node does not take so many in.
    private static DotContext Huge((ulong Writer, ulong Seq)[] entries) => Crdt.Encoding.Read(
        Crdt.Encoding.Of((ref MessagePack.MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(2);
            writer.WriteArrayHeader(entries.Length * 2);
            foreach (var (id, seq) in entries)
            {
                writer.Write(id);
                writer.Write(seq);
            }

            writer.WriteArrayHeader(0);
        }),
        static (ref MessagePack.MessagePackReader reader) => DotContext.Read(ref reader));

    private static WriterStates Filled()
    {
        var states = new WriterStates();
        states.Take((_old, 5), (_new, 2), (_last, 1));
        states.TakeSent();
        return states;
    }

    private static WriterStates Retired()
    {
        var states = Filled();
        states.State.Horizon = At(90_000);
        states.Retirement.Tend(states.Held);
        states.State.Store.Commit(states.State.Outbox);
        states.TakeSent();
        return states;
    }
}
