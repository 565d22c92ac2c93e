using System.Collections.Immutable;
using System.Diagnostics;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;

namespace Swim.Benchmarks;

/// <summary>
/// How long it takes after a split until two nodes hold the same: 100,000 cells that both have, 5,000 that only one of them has on each side,
/// over all buckets. Real loops, logs and gRPC streams on loopback; from the moment when each takes the other for alive again.
/// </summary>
public sealed class HealBenchmark(string directory)
{
    private const int Common = 100_000;
    private const int EachSide = 5_000;
    private const int Runs = 3;
    private static readonly NodeId _writer = new(9);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly ulong _stamp = HlcTimestamp.From(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 1_000, 0).Value;

    /// <summary>The best of a few runs.</summary>
    public async Task<IReadOnlyList<Measure>> RunAsync()
    {
        var seconds = double.MaxValue;
        for (var run = 0; run < Runs; run++) seconds = Math.Min(seconds, await HealAsync(Path.Combine(directory, $"heal{run}")).ConfigureAwait(false));
        return [new Measure("heal_s/10k_of_100k", seconds, "s", Better.Lower, 1)];
    }

    private async Task<double> HealAsync(string path)
    {
        var (one, two) = (new LoopbackNode(new NodeId(1), Path.Combine(path, "1")), new LoopbackNode(new NodeId(2), Path.Combine(path, "2")));
        await using (one.ConfigureAwait(false))
        await using (two.ConfigureAwait(false))
        {
            LoopbackNode[] nodes = [one, two];
            foreach (var node in nodes) await node.StartAsync().ConfigureAwait(false);
            foreach (var node in nodes) node.Tell(Members(nodes, 1, other => other == node));
            foreach (var node in nodes) Fill(node);
            foreach (var node in nodes) await UntilAsync(node, Common + EachSide).ConfigureAwait(false);
            var watch = Stopwatch.StartNew();
            foreach (var node in nodes) node.Tell(Members(nodes, 2, static _ => true));
            foreach (var node in nodes) await UntilAsync(node, Common + (2 * EachSide)).ConfigureAwait(false);
            var seconds = watch.Elapsed.TotalSeconds;
            var digests = await one.DigestsAsync().ConfigureAwait(false);
            if (digests.Count == 0 || !digests.SequenceEqual(await two.DigestsAsync().ConfigureAwait(false))) throw new InvalidOperationException("The nodes hold different cells.");
            return seconds;
        }
    }

    private static async Task UntilAsync(LoopbackNode node, long cells)
    {
        var watch = Stopwatch.StartNew();
        while (await node.CellsAsync().ConfigureAwait(false) is var held && held != cells)
        {
            if (held > cells || watch.Elapsed > _patience) throw new InvalidOperationException($"A node holds {held} cells, not {cells}.");
            await Task.Delay(2).ConfigureAwait(false);
        }
    }

    private static MembersSnapshot Members(LoopbackNode[] nodes, long version, Func<LoopbackNode, bool> isUp) => new(version, nodes.ToImmutableSortedDictionary(
        node => node.Id,
        node => new MemberRecord(node.Id, 1, (ulong)version, isUp(node) ? MemberState.Alive : MemberState.Dead, new MemberMeta($"n{node.Id.Value}", "127.0.0.1", node.Port, 1, 2, "", 16))), (ulong)version);

    private void Fill(LoopbackNode node)
    {
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            Push(node, bucket, actor: 77, Share(Common, bucket));
            Push(node, bucket, 100 + node.Id.Value, Share(EachSide, bucket));
        }
    }

    private void Push(LoopbackNode node, int bucket, ulong actor, int count)
    {
        if (count == 0) return;
        var cells = Enumerable.Range(1, count).Select(seq => CellOf(bucket, actor, (ulong)seq)).ToList();
        node.Take(_writer, new PushCells([new DeltaFrame(bucket, actor, 1, (ulong)count, cells, null)]));
    }

    private Cell CellOf(int bucket, ulong actor, ulong seq) => new(
        new CellKey(new WorkflowId(((ulong)bucket << 52) | actor, 1), (CellKind)0x9E, new Subkey(seq)), new HlcTimestamp(_stamp), _writer, new Dot(actor, seq), new byte[40]);

    private static int Share(int all, int bucket) => ((bucket + 1) * all / Buckets.Count) - (bucket * all / Buckets.Count);
}
