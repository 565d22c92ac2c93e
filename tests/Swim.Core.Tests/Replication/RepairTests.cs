using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Replication.Riblt;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>What repair sends and what it costs, step by step; and that no step learns a context ahead of its cells.</summary>
public sealed class RepairTests
{
    private const int Common = 10_000;
    private readonly RepairPair _pair = new();

    [Fact]
    public void A_round_without_a_difference_takes_at_most_64_bytes()
    {
        Fill(0, Range(1, Common), Common);
        Fill(1, Range(1, Common), Common);
        _pair.Reset();
        _pair.RunFor(30_000);
        Assert.True(_pair.Rounds > 10);
        Assert.InRange((double)_pair.Bytes / _pair.Rounds, 1, 64);
    }

    [Fact]
    public void What_the_contexts_tell_is_sent_and_nothing_else()
    {
        Fill(0, Range(1, Common), Common);
        Fill(1, Range(1, Common + 100), Common + 100);
        _pair.Reset();
        Assert.True(_pair.RunUntilEqual());
        Assert.Equal(100, _pair.CellsSent);
        Assert.DoesNotContain(nameof(RepairSketchAsk), _pair.Messages.Keys);
        Assert.Equal(0, _pair[0].UnexplainedCount + _pair[1].UnexplainedCount);
        Assert.InRange(_pair.Bytes, 1, 1_000);
    }

    // Both have seen all writes, and each lacks cells: what a fault of a disk leaves behind.
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1_000)]
    public void What_the_contexts_do_not_tell_the_symbols_do(int differences)
    {
        var theirs = Range(1, Common).Where((_, index) => index >= differences / 2);
        Fill(0, Range(1, Common - ((differences + 1) / 2)), Common);
        Fill(1, theirs, Common);
        _pair.Reset();
        Assert.True(_pair.RunUntilEqual());
        Assert.Equal(Common, _pair[0].CellCount);
        Assert.Equal(differences, _pair.CellsSent);
        Assert.Equal(1, _pair[0].UnexplainedCount + _pair[1].UnexplainedCount);
        if (differences >= 100) Assert.InRange((double)_pair.Bytes / differences, 1, 40);
    }

    [Fact]
    public void Symbols_tell_the_differences_of_a_whole_window_of_buckets_at_once()
    {
        for (var bucket = 0; bucket < 2 * Repairer.Window; bucket++)
        {
            var cells = Range(1, 200).Select(seq => RepairPair.CellOf(seq, bucket)).ToList();
            _pair.Push(0, cells[..^2], 200, bucket);
            _pair.Push(1, cells[2..], 200, bucket);
        }

        _pair.Reset();
        Assert.True(_pair.RunUntilEqual());
        Assert.Equal(4 * 2 * Repairer.Window, _pair.CellsSent);
    }

    // Both notice at once: after a split each opens an exchange.
    [Theory]
    [InlineData(1)]
    [InlineData(Repairer.Window)]
    [InlineData(20 * Repairer.Window)]
    public void Where_each_asks_the_other_few_buckets_are_asked_for_twice_and_few_cells_are_sent_twice(int differing)
    {
        for (var bucket = 0; bucket < differing; bucket++)
        {
            var cells = Range(1, 20).Select(seq => RepairPair.CellOf(seq, bucket)).ToList();
            _pair.Push(0, cells[..^1], 19, bucket);
            _pair.Push(1, cells[1..], 20, bucket, from: 2);
        }

        _pair.Reset();
        _pair.Part();
        Assert.True(_pair.IsEqual);
        Assert.Equal(2, _pair.Rounds);
        // Where both have more to ask for than at once, they meet in the middle.
        Assert.InRange(_pair.CellsSent, 2 * differing, (2 * differing) + (differing > Repairer.Window ? 2 * Repairer.Window : 0));
        Assert.InRange(_pair.Messages[nameof(RepairAsk)], differing, differing + (2 * Repairer.Window));
    }

    [Fact]
    public void What_is_too_much_for_symbols_is_sent_whole_both_ways()
    {
        Fill(0, Range(1, 8_000), 20_000);
        Fill(1, Range(6_000, 20_000), 20_000);
        Assert.True(_pair.RunUntilEqual());
        Assert.Equal(20_000, _pair[0].CellCount);
        Assert.Contains(nameof(RepairNudge), _pair.Messages.Keys);
    }

    [Fact]
    public void Much_that_goes_back_is_asked_for_page_by_page()
    {
        var side = FirstToOpen();
        Fill(side, Range(1, 20_000), 20_000);
        Assert.True(_pair.RunUntilEqual());
        Assert.InRange(_pair.CellsSent, 20_000, 20_100);
        Assert.Contains(nameof(RepairNudge), _pair.Messages.Keys);
        Assert.True(_pair.Messages[nameof(RepairAsk)] > 3);
    }

    [Fact]
    public void A_context_is_learned_with_the_last_page_only_and_a_broken_stream_goes_on_where_it_was()
    {
        Fill(1, Range(1, 40_000), 40_000);
        var pages = 0;
        _pair.Wire = (_, message) => message is RepairCells && ++pages > 4 ? null : message;
        _pair.RunFor(5_000);
        var held = _pair[0].CellCount;
        Assert.InRange(held, 10_000, 30_000);
        Assert.True(_pair[0].Held.Single().Context.IsEmpty);

        _pair.Wire = static (_, message) => message;
        _pair.Reset();
        Assert.True(_pair.RunUntilEqual());
        Assert.InRange(_pair.CellsSent, 1, 40_000 - held + 6_000);
    }

    [Fact]
    public void What_is_written_behind_a_stream_while_it_runs_is_not_lost()
    {
        Fill(1, Range(1, 30_000).Where(static seq => seq != 1), 30_000);
        var pages = 0;
        _pair.Wire = (from, message) =>
        {
            // A write that stands before all that was sent, and is of a key that neither had.
            if (from == 1 && message is RepairCells && ++pages == 2) _pair.Push(1, [Late()], 30_001, from: 30_001);
            return message;
        };
        _pair.RunFor(300);
        Assert.True(_pair.RunUntilEqual());
        Assert.True(pages > 2);
        Assert.Equal(30_000, _pair[0].CellCount);
        AssertNotAhead(0);
    }

    [Fact]
    public void A_last_page_that_nobody_waits_for_any_more_teaches_no_context()
    {
        Fill(1, Range(1, 100), 100);
        RepairCells? lost = null;
        _pair.Wire = (from, message) =>
        {
            if (from != 1 || message is not RepairCells { Last: true } cells) return message;
            // What is sent back is no answer.
            if (cells.Request != 0) lost ??= cells;
            return null;
        };
        for (var left = 50; left > 0 && lost is null; left--) _pair.RunFor(100);
        _pair.RunFor(1_000);
        _pair.Deliver(0, lost! with { Frame = lost.Frame with { Cells = [lost.Frame.Cells[0]] } });
        Assert.Equal(1, _pair[0].CellCount);
        Assert.True(_pair[0].Held.Single().Context.IsEmpty);
    }

    [Fact]
    public void Symbols_of_no_set_end_in_everything_being_sent()
    {
        var prng = new Prng(5);
        Fill(0, Range(1, 500), 1_000);
        Fill(1, Range(1, 1_000), 1_000);
        _pair.Wire = (_, message) => message is RepairSymbols symbols ? symbols with { Symbols = Noise(prng, symbols.Symbols.Count) } : message;
        Assert.True(_pair.RunUntilEqual());
        Assert.True(_pair.CellsSent >= 1_000);
    }

    [Fact]
    public void Whatever_answers_come_repair_goes_on()
    {
        for (var seed = 1UL; seed <= 25; seed++)
        {
            var pair = new RepairPair(seed);
            var prng = new Prng(seed);
            FillAtRandom(pair, prng);
            pair.Wire = (_, message) => prng.Next(3) > 0 ? message : Garbled(prng, message);
            pair.RunFor(3_000);
            pair.Wire = static (_, message) => message;
            Assert.True(pair.RunUntilEqual(), $"seed {seed}");
        }
    }

    [Fact]
    public void Two_replicas_become_equal_whatever_they_hold_and_whatever_is_lost_and_no_context_is_ever_ahead()
    {
        for (var seed = 1UL; seed <= 25; seed++)
        {
            var pair = new RepairPair(seed);
            var prng = new Prng(seed);
            var (left, right) = (Some(prng), Some(prng));
            // A push of its own for each cell: contexts with gaps, never ahead of the cells.
            foreach (var seq in left) pair.Push(0, [RepairPair.CellOf(seq, payloadBytes: 3_000)], seq, from: seq);
            foreach (var seq in right) pair.Push(1, [RepairPair.CellOf(seq, payloadBytes: 3_000)], seq, from: seq);
            pair.Wire = (_, message) => prng.Next(4) == 0 ? null : message;
            for (var step = 0; step < 20; step++)
            {
                pair.RunFor(100);
                for (var side = 0; side < 2; side++) AssertNotAhead(pair, side);
            }

            pair.Wire = static (_, message) => message;
            Assert.True(pair.RunUntilEqual(), $"seed {seed}");
            Assert.Equal(left.Union(right).Count(), pair[0].CellCount);
            Assert.Equal(0, pair[0].UnexplainedCount + pair[1].UnexplainedCount);
        }
    }

    private static IEnumerable<ulong> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(static seq => (ulong)seq);

    private static List<ulong> Some(Prng prng)
    {
        var share = prng.Next(10) + 1;
        return [.. Range(1, 600).Where(_ => prng.Next(10) < share)];
    }

    private static Cell Late()
    {
        var cell = RepairPair.CellOf(1);
        return new Cell(cell.Key, cell.Stamp, cell.Node, cell.Dot with { Seq = 30_001 }, cell.Payload);
    }

    private static List<CodedSymbol> Noise(Prng prng, int count)
    {
        var symbols = new List<CodedSymbol>();
        for (var i = 0; i < count; i++)
            symbols.Add(prng.Next(2) == 0 ? default(CodedSymbol).With(prng.NextUInt64(), 1) : new CodedSymbol(prng.NextUInt64(), (uint)prng.Next(1 << 30), prng.Next(5) - 2));
        return symbols;
    }

    private static void FillAtRandom(RepairPair pair, Prng prng)
    {
        for (var side = 0; side < 2; side++) pair.Push(side, [.. Some(prng).Select(static seq => RepairPair.CellOf(seq))], 600);
    }

    // A message as somebody who does not know what it is about might have made it; contexts are left out, since those teach.
    private static PeerMessage? Garbled(Prng prng, PeerMessage message) => message switch
    {
        RepairSymbols m => prng.Next(2) == 0 ? m with { Symbols = Noise(prng, prng.Next(50)) } : m with { From = prng.Next(9), Snapshot = prng.Next(3) },
        RepairSketchAsk m => m with { Snapshot = prng.Next(4), From = prng.Next(100), Count = 1 + prng.Next(100) },
        RepairAsk m => m with { After = RepairPair.CellOf((ulong)prng.Next(600)).Key, Wants = [prng.NextUInt64()] },
        RepairCells m => m with { Last = false },
        RepairDigests m => m with { Buckets = [new BucketDigest(prng.Next(4_096), prng.NextUInt64())], Equal = false },
        RepairOpen m => m with { Root = prng.NextUInt64() },
        _ => prng.Next(2) == 0 ? null : new RepairNudge(prng.Next(4_096), true),
    };

    private void Fill(int side, IEnumerable<ulong> seqs, ulong seen) => _pair.Push(side, [.. seqs.Select(static seq => RepairPair.CellOf(seq))], seen);

    private int FirstToOpen()
    {
        var first = -1;
        _pair.Wire = (from, message) =>
        {
            if (message is RepairOpen && first < 0) first = from;
            return message;
        };
        var twin = new RepairPair { Wire = _pair.Wire };
        for (var left = 50; left > 0 && first < 0; left--) twin.RunFor(100);
        _pair.Wire = static (_, message) => message;
        return first;
    }

    private void AssertNotAhead(int side) => AssertNotAhead(_pair, side);

    // Every write seen has its cell or one that stands above it; here each write has a key of its own but for the late one.
    private static void AssertNotAhead(RepairPair pair, int side)
    {
        if (pair[side].Held.SingleOrDefault() is not { } bucket) return;
        var dots = bucket.Cells.Select(static cell => cell.Dot).ToHashSet();
        var other = pair[1 - side].Held.SelectMany(static held => held.Cells).Concat(bucket.Cells);
        Assert.All(other.Where(cell => bucket.Context.Contains(cell.Dot)), cell => Assert.Contains(cell.Dot, dots));
    }
}
