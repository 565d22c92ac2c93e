namespace Swim.Client;

/// <summary>How long to pause before trying again: from the least to the most by doubling, half of each pause at random.</summary>
internal readonly record struct Backoff(TimeSpan Min, TimeSpan Max)
{
    /// <summary>The pause after <paramref name="failures"/> (from 1) in a row, for a <paramref name="sample"/> from 0 to below 1.</summary>
    public TimeSpan After(int failures, double sample)
    {
        // Beyond thirty doublings of a tick stands the most that the options allow.
        var full = Math.Min(Max.Ticks, Min.Ticks * Math.Pow(2, Math.Min(failures - 1, 50)));
        return TimeSpan.FromTicks((long)((full / 2) + (full / 2 * sample)));
    }

    /// <summary>The pause after so many failures in a row, at random, or as long as the server asked for where that is longer.</summary>
    public TimeSpan After(int failures, TimeSpan asked)
    {
        var pause = After(failures, Random.Shared.NextDouble());
        return asked > pause ? asked : pause;
    }
}
