namespace Swim.Benchmarks;

/// <summary>Measured times in milliseconds, sorted.</summary>
public sealed class Distribution
{
    private readonly double[] _sorted;

    /// <summary>Of at least one time.</summary>
    public Distribution(IEnumerable<TimeSpan> times)
    {
        _sorted = [.. times.Select(time => time.TotalMilliseconds).Order()];
        if (_sorted.Length == 0) throw new InvalidOperationException("Nothing was measured.");
    }

    /// <summary>How many there are.</summary>
    public int Count => _sorted.Length;

    /// <summary>The time that <paramref name="share"/> of all (0 to 1) do not exceed, by the nearest rank.</summary>
    public double At(double share) => _sorted[Math.Clamp((int)Math.Ceiling(share * _sorted.Length) - 1, 0, _sorted.Length - 1)];
}
