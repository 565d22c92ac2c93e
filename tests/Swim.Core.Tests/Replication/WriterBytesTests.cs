using Swim.Core.Crdt;
using Swim.Core.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Swim.Core.Tests.Replication;

/// <summary>What it costs two owners to forget one writer in many buckets.</summary>
public sealed class WriterBytesTests(ITestOutputHelper output)
{
    private const int Count = 512;

    // A page's digest, question, answer and what is said back of one bucket, with the contexts of three writers in them.
    private const int BytesPerBucketMax = 400;

    private readonly RepairPair _pair = new();

    [Fact]
    public void Two_owners_differ_for_one_exchange_of_each_bucket_and_agree_after()
    {
        // Given up in 2020: two ids of one node in all buckets, and a third writer whose cell is there.
        ulong[] writers = [WriterId.Of(9, 1), WriterId.Of(9, 2)];
        foreach (var writer in writers)
        {
            for (var bucket = 0; bucket < Count; bucket++) Tell(bucket, writer);
        }

        for (var bucket = 0; bucket < Count; bucket++) _pair.Deliver(0, new WritersRetired(bucket, [writers[0]], [writers[1]]));
        Assert.Equal(Count, Left());
        _pair.Reset();
        for (var left = 30; left > 0 && Left() > 0; left--) _pair.RunFor(1_000);
        var (bytes, rounds, told) = (_pair.Bytes, _pair.Rounds, _pair.Messages.GetValueOrDefault(nameof(WritersRetired)));
        output.WriteLine($"{bytes} bytes in {rounds} exchanges, {told} times told, {string.Join(", ", _pair.Messages)}");
        Assert.Equal(0, Left());
        _pair.RunFor(5_000);
        Assert.True(_pair.IsEqual);
        Assert.Equal((0L, 0L), (_pair[0].UnexplainedCount, _pair[1].UnexplainedCount));
        Assert.Equal(Count, told);
        Assert.InRange(_pair.Messages.GetValueOrDefault(nameof(RepairAsk)), 1, 2 * Count);
        Assert.InRange(bytes, 1, (long)Count * BytesPerBucketMax);

        int Left() => Enumerable.Range(0, 2).Sum(side => _pair[side].Held.Count(bucket => bucket.Context.SeenUpTo(writers[0]) > 0));
    }

    private void Tell(int bucket, ulong writer)
    {
        var context = new DotContext();
        context.AddRange(writer, 1, 3);
        for (var side = 0; side < 2; side++)
        {
            _pair.Push(side, [RepairPair.CellOf(1, bucket)], 1, bucket);
            _pair.Take(side, new RepairCells(0, DeltaFrame.Repair(bucket, [], context.Clone()), 0, true));
        }
    }
}
