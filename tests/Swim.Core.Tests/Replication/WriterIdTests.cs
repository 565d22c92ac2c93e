using Swim.Core.Primitives;
using Swim.Core.Replication;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Writer ids show whose they are and which of two is later.</summary>
public sealed class WriterIdTests
{
    private const long WallMs = 1_767_225_600_000;
    private static readonly NodeId _node = new(42);

    [Fact]
    public void An_id_has_the_family_of_its_node_and_the_birth_of_its_time()
    {
        var id = WriterId.Next(_node, 0, isShared: false, WallMs, new Prng(1));
        Assert.Equal(WriterId.FamilyOf(_node), WriterId.FamilyOf(id));
        Assert.InRange(WriterId.TimeOf(WriterId.BirthOf(id)).PhysicalMs - WallMs, 0, 1_100);
    }

    [Fact]
    public void The_next_id_is_later_than_the_newest_whatever_the_clock_says()
    {
        var first = WriterId.Next(_node, 0, isShared: false, WallMs, new Prng(1));
        var next = WriterId.Next(_node, first, isShared: false, WallMs - 1_000_000, new Prng(1));
        Assert.Equal(first + 1, next);
        Assert.True(WriterId.Next(_node, first, isShared: false, long.MinValue, new Prng(1)) > first);
    }

    [Fact]
    public void Where_another_member_shares_the_family_and_after_the_last_birth_it_is_drawn_at_random()
    {
        var shared = Enumerable.Range(1, 64).Select(static seed => WriterId.Next(_node, 0, isShared: true, WallMs, new Prng((ulong)seed))).ToList();
        Assert.Equal(64, shared.Select(WriterId.FamilyOf).Distinct().Count());
        var last = WriterId.Of(WriterId.FamilyOf(_node), WriterId.BirthMax);
        Assert.NotEqual(0UL, WriterId.Next(_node, last, isShared: false, WallMs, new Prng(1)));
        Assert.NotEqual(WriterId.FamilyOf(_node) + 1, WriterId.FamilyOf(WriterId.Next(_node, last, isShared: false, WallMs, new Prng(1))));
    }

    [Fact]
    public void An_id_is_given_up_for_the_next_one_of_its_family_and_for_no_other()
    {
        var writers = new Writers();
        foreach (var id in new[] { WriterId.Of(7, 10), WriterId.Of(7, 30), WriterId.Of(7, 20), WriterId.Of(8, 15) }) writers.Note(id);
        Assert.Equal(WriterId.TimeOf(20), writers.SupersededAt(WriterId.Of(7, 10)));
        Assert.Equal(WriterId.Of(7, 30), writers.NextOf(WriterId.Of(7, 20)));
        Assert.Null(writers.SupersededAt(WriterId.Of(7, 30)));
        Assert.Null(writers.SupersededAt(WriterId.Of(8, 15)));
        Assert.Null(writers.SupersededAt(WriterId.Of(9, 1)));
    }

    [Fact]
    public void The_ids_of_who_was_removed_or_has_left_are_given_up_and_later_ones_of_its_next_life_are_not()
    {
        var writers = new Writers();
        var family = WriterId.FamilyOf(_node);
        var old = WriterId.Of(family, WriterId.BirthAt(WallMs - 5_000));
        writers.Note(old);
        writers.NoteLeft([_node], WallMs);
        writers.NoteLeft([_node], WallMs + 60_000);
        Assert.Equal(WriterId.TimeOf(WriterId.BirthAt(WallMs)), writers.SupersededAt(old));
        Assert.False(writers.IsSuperseded(WriterId.Of(family, WriterId.BirthAt(WallMs + 10_000))));
        writers.NoteRemoved(_node, WallMs + 20_000);
        Assert.True(writers.IsSuperseded(WriterId.Of(family, WriterId.BirthAt(WallMs + 10_000))));
    }

    [Fact]
    public void Of_one_family_the_latest_births_are_kept()
    {
        var writers = new Writers();
        for (ulong birth = 1; birth <= Writers.BirthsMax + 10; birth++) writers.Note(WriterId.Of(7, birth));
        Assert.Equal(WriterId.Of(7, 11), writers.NextOf(WriterId.Of(7, 1)));
        Assert.Equal(WriterId.Of(7, Writers.BirthsMax + 10), writers.NewestOf(7));
    }
}
