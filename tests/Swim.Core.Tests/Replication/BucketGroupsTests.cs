using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>How repair finds the few buckets that differ among many.</summary>
public sealed class BucketGroupsTests
{
    private readonly RepairPair _pair = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1_234)]
    [InlineData(Buckets.Count - 1)]
    public void One_bucket_of_4096_that_differs_is_found_with_less_than_2_KiB(int differing)
    {
        for (var side = 0; side < 2; side++) FillAll(side, Enumerable.Range(0, Buckets.Count));
        _pair.Push(1, [RepairPair.CellOf(2, differing)], 2, differing, from: 2);
        _pair.Reset();
        Assert.True(_pair.RunUntilEqual());
        Assert.Equal(1, _pair.CellsSent);
        Assert.Contains(nameof(RepairGroups), _pair.Messages.Keys);
        Assert.InRange(_pair.Bytes, 1, 2_047);
    }

    [Fact]
    public void Few_buckets_take_no_question_more()
    {
        for (var side = 0; side < 2; side++) FillAll(side, Enumerable.Range(0, BucketGroups.DirectMax));
        _pair.Push(1, [RepairPair.CellOf(2, 3)], 2, 3, from: 2);
        _pair.Reset();
        Assert.True(_pair.RunUntilEqual());
        Assert.DoesNotContain(nameof(RepairGroups), _pair.Messages.Keys);
    }

    [Theory]
    [InlineData(0, 300)]
    [InlineData(100, 300)]
    [InlineData(4_000, 10)]
    public void Buckets_that_only_one_side_holds_are_found(int mine, int theirs)
    {
        FillAll(0, Enumerable.Range(0, mine));
        FillAll(1, Enumerable.Range(mine, theirs).Select(static number => number * 7 % Buckets.Count).Distinct());
        Assert.True(_pair.RunUntilEqual(60_000));
        Assert.Equal(_pair[0].CellCount, _pair[1].CellCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_a_stranger_says_of_groups_costs_no_more_than_a_later_round(ulong seed)
    {
        var prng = new Prng(seed);
        for (var side = 0; side < 2; side++) FillAll(side, Enumerable.Range(0, 200).Where(_ => prng.Chance(700)));
        _pair.Wire = (_, message) => prng.Chance(300) ? null : message switch
        {
            RepairGroups m when prng.Chance(500) => m with { Digests = [.. m.Digests.Select(digest => prng.Chance(100) ? prng.NextUInt64() : digest)] },
            RepairOpen { Groups: not null } m when prng.Chance(500) => m with { Groups = [.. Enumerable.Range(0, BucketGroups.Count).Where(_ => prng.Chance(100))] },
            _ => message,
        };
        _pair.RunFor(20_000);
        _pair.Wire = static (_, message) => message;
        Assert.True(_pair.RunUntilEqual(60_000));
        Assert.Equal(0, _pair[0].UnexplainedCount + _pair[1].UnexplainedCount);
    }

    private void FillAll(int side, IEnumerable<int> buckets)
    {
        foreach (var bucket in buckets) _pair.Push(side, [RepairPair.CellOf(1, bucket)], 1, bucket);
    }
}
