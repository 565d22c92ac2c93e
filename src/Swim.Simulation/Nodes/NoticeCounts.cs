using Swim.Core.Hosting;

namespace Swim.Simulation.Nodes;

/// <summary>How often each kind of notice was given, over all nodes.</summary>
public sealed class NoticeCounts
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Name of the kind and how often, in the order of the names.</summary>
    public IEnumerable<KeyValuePair<string, long>> All => _counts;

    /// <summary>Called with each one; for people who look for a fault.</summary>
    internal Action<int, Notice>? Watch { get; set; }

    /// <summary>How often a notice of that kind was given.</summary>
    public long Of<T>() where T : Notice => _counts.GetValueOrDefault(typeof(T).Name);

    internal void Count(int node, Notice notice)
    {
        var name = notice.GetType().Name;
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
        Watch?.Invoke(node, notice);
    }
}
