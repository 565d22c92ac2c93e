using System.Diagnostics;
using Swim.Core.Crdt;
using Swim.Core.Primitives;

namespace Swim.Benchmarks;

/// <summary>
/// What it takes to add an element to an observed-remove set that holds few or many: an add writes its delta and nothing of what is there,
/// so it should cost the same. The best of many rounds, each of a thousand adds that are taken out again.
/// </summary>
public static class OrSetBenchmark
{
    private const int Adds = 1_000;
    private const int Rounds = 60;
    private const int Few = 10;
    private const int Many = 100_000;
    private const ulong Actor = 77;

    /// <summary>Nanoseconds at each size, and how they grow.</summary>
    public static IReadOnlyList<Measure> Run()
    {
        // As many small sets as adds: no round finds its set in the processor's first cache from the add before.
        var few = Enumerable.Range(0, Adds).Select(static i => SetOf(Few, (ulong)i)).ToArray();
        var many = Enumerable.Repeat(SetOf(Many, 1), Adds).ToArray();
        var (fewNs, manyNs) = (double.MaxValue, double.MaxValue);
        // In turns, so that both meet the same machine.
        for (var round = 0; round < Rounds; round++) (fewNs, manyNs) = (Math.Min(fewNs, NsPerAdd(few, round)), Math.Min(manyNs, NsPerAdd(many, round)));
        return
        [
            new Measure("orset_add_ns/10", fewNs, "ns", Better.Lower),
            new Measure("orset_add_ns/100k", manyNs, "ns", Better.Lower),
            new Measure("orset_add_growth/10_to_100k", manyNs / fewNs, "x", Better.Lower, 1.2),
        ];
    }

    private static double NsPerAdd(OrSet<ulong>[] sets, int round)
    {
        var elements = Enumerable.Range(0, Adds).Select(i => StableHash.Of((ulong)i, (ulong)round + 1_000)).ToArray();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Adds; i++) sets[i].Add(elements[i], Actor);
        var ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Adds;
        for (var i = 0; i < Adds; i++)
        {
            if (sets[i].Remove(elements[i], Actor).Pending.Count != 1) throw new InvalidOperationException("An element was not added.");
        }

        return ns;
    }

    private static OrSet<ulong> SetOf(int count, ulong seed)
    {
        var set = new OrSet<ulong>(ElementFormat.Number);
        for (var i = 0; i < count; i++) set.Add(StableHash.Of((ulong)i, seed), Actor);
        return set;
    }
}
