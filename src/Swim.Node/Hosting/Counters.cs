using System.Collections.Concurrent;

namespace Swim.Node.Hosting;

/// <summary>Named counts of what a node did and dropped; only grow.</summary>
internal sealed class Counters
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Add(string name, long count = 1) => _counts.AddOrUpdate(name, count, (_, old) => old + count);

    public long this[string name] => _counts.GetValueOrDefault(name);

    public SortedDictionary<string, long> Snapshot() => new(_counts, StringComparer.Ordinal);
}
