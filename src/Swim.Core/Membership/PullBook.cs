using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>The push-pulls under way, one per address, a bounded number; one whose host never reports back is given up after the timeout.</summary>
internal sealed class PullBook(TimeSpan timeout)
{
    private const int CallsMax = 32;

    private readonly SortedDictionary<string, long> _startedTicks = new(StringComparer.Ordinal);

    /// <summary>True when a call to <paramref name="address"/> may begin now.</summary>
    public bool TryBegin(string address, Now now)
    {
        foreach (var (late, _) in _startedTicks.Where(call => now.Since(call.Value) >= timeout).ToList()) _startedTicks.Remove(late);
        return _startedTicks.Count < CallsMax && _startedTicks.TryAdd(address, now.Ticks);
    }

    /// <summary>A call ended; false when none was under way.</summary>
    public bool TryEnd(string address) => _startedTicks.Remove(address);
}
