using System.Diagnostics;
using Swim.Core.Primitives;
using Swim.Core.Ring;

namespace Swim.Benchmarks;

/// <summary>How evenly the ring shares buckets, how much of them one join or leave moves, and how long a ring takes to build: what every change of the members costs.</summary>
public static class RingBenchmark
{
    private const int Replicas = 3;
    private const int Seeds = 20;
    private const ulong Cluster = 0xC1;

    private static readonly int[] Evenness = [4, 5, 10, 20, 32, 50, 75, 100];
    private static readonly int[] BuildSizes = [5, 50, 100, 1_000];

    /// <summary>Every measure.</summary>
    public static IReadOnlyList<Measure> Run() => [.. Evenness.SelectMany(Share), .. BuildSizes.SelectMany(Time)];

    private static IEnumerable<Measure> Share(int nodes)
    {
        var looks = Enumerable.Range(1, Seeds).Select(seed => LookAt(nodes, (ulong)seed)).ToList();
        var limit = nodes <= 50 ? 1.25 : 1.5;
        yield return Lower($"ring/n{nodes}/owners/over_bound", looks.Max(static look => look.OwnersOverBound), "1", 0);
        yield return Lower($"ring/n{nodes}/first_owners/over_bound", looks.Max(static look => look.FirstOverBound), "1", 0);
        yield return Lower($"ring/n{nodes}/owners/max_to_mean", looks.Max(static look => look.Owners), "x", null);
        yield return Lower($"ring/n{nodes}/first_owners/max_to_mean", looks.Max(static look => look.First), "x", null);
        yield return Lower($"ring/n{nodes}/moved_times_n/mean", looks.Average(static look => look.Moved), "x", null);
        yield return Lower($"ring/n{nodes}/moved_times_n/max", looks.Max(static look => look.Moved), "x", limit);
        yield return Lower($"ring/n{nodes}/first_moved_times_n/mean", looks.Average(static look => look.FirstMoved), "x", null);
        yield return Lower($"ring/n{nodes}/first_moved_times_n/max", looks.Max(static look => look.FirstMoved), "x", null);
    }

    // A join to that many nodes, and a leave from it, move the same.
    private static Look LookAt(int nodes, ulong seed)
    {
        var members = Members(nodes, seed);
        var (before, after) = (BucketMap.Build(Cluster, members[..^1], Replicas), BucketMap.Build(Cluster, members, Replicas));
        int[] held = new int[nodes], first = new int[nodes];
        var index = after.Members.ToArray().Select(static (member, i) => (member.Id, i)).ToDictionary(static pair => pair.Id, static pair => pair.i);
        int moved = 0, firstMoved = 0;
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            first[index[after.HomeOwners(bucket)[0]]]++;
            if (after.HomeOwners(bucket)[0] != before.HomeOwners(bucket)[0]) firstMoved++;
            foreach (var owner in after.HomeOwners(bucket))
            {
                held[index[owner]]++;
                if (!before.IsHomeOwner(bucket, owner)) moved++;
            }
        }

        return new Look(
            held.Max() * nodes / (double)(Buckets.Count * Replicas), first.Max() * nodes / (double)Buckets.Count,
            Math.Max(0, held.Max() - Bound(Buckets.Count * Replicas, nodes)), Math.Max(0, first.Max() - Bound(Buckets.Count, nodes)),
            moved * nodes / (double)(Buckets.Count * Replicas), firstMoved * nodes / (double)Buckets.Count);
    }

    private static IEnumerable<Measure> Time(int nodes)
    {
        var members = Members(nodes, 1);
        var times = new List<double>();
        for (var run = 0; run < 9; run++)
        {
            var from = Stopwatch.GetTimestamp();
            BucketMap.Build(Cluster, members, Replicas);
            times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }

        times.Sort();
        yield return Lower($"ring/build_ms/n{nodes}/p50", times[times.Count / 2], "ms", null);
        yield return Lower($"ring/build_ms/n{nodes}/max", times[^1], "ms", nodes <= 100 ? 100 : 500);
    }

    private static int Bound(int places, int nodes) => Math.Min(Buckets.Count, ((places * 11) + (nodes * 10) - 1) / (nodes * 10));

    private static RingMember[] Members(int nodes, ulong seed)
    {
        var prng = new Prng(seed);
        return [.. Enumerable.Range(0, nodes).Select(_ => new RingMember(new NodeId(prng.NextUInt64()), ""))];
    }

    private static Measure Lower(string id, double value, string unit, double? target) => new(id, value, unit, Better.Lower, target);

    private sealed record Look(double Owners, double First, int OwnersOverBound, int FirstOverBound, double Moved, double FirstMoved);
}
