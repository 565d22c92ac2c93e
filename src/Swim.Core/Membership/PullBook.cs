using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The push-pulls under way, one per address, a bounded number; one whose host never reports back is given up after the timeout.
/// An address may be a name of many nodes, this one among them, so every answer within the timeout belongs to the call.
/// </summary>
internal sealed class PullBook(TimeSpan timeout)
{
    private const int CallsMax = 32;

    private readonly SortedDictionary<string, Pull> _pulls = new(StringComparer.Ordinal);

    private readonly record struct Pull(long StartedTicks, bool HasEnded);

    /// <summary>True when a call to <paramref name="address"/> may begin now.</summary>
    public bool TryBegin(string address, Now now)
    {
        Forget(pull => now.Since(pull.StartedTicks) >= timeout);
        if (_pulls.TryGetValue(address, out var earlier) && !earlier.HasEnded) return false;
        if (_pulls.Count >= CallsMax) Forget(pull => pull.HasEnded);
        if (_pulls.Count >= CallsMax) return false;
        _pulls[address] = new Pull(now.Ticks, HasEnded: false);
        return true;
    }

    /// <summary>An answer or failure came: the next call may begin. False when none was awaited.</summary>
    public bool TryEnd(string address, Now now)
    {
        if (!_pulls.TryGetValue(address, out var pull) || now.Since(pull.StartedTicks) >= timeout) return false;
        _pulls[address] = pull with { HasEnded = true };
        return true;
    }

    private void Forget(Predicate<Pull> isOver)
    {
        foreach (var (address, _) in _pulls.Where(entry => isOver(entry.Value)).ToList()) _pulls.Remove(address);
    }
}
