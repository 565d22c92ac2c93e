using System.Diagnostics;

namespace Swim.Client;

/// <summary>The time that one call has over all its tries. Not the time of day, which may jump.</summary>
internal readonly struct CallBudget(TimeSpan whole)
{
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>What is left; never negative.</summary>
    public TimeSpan Left => Stopwatch.GetElapsedTime(_began) is var gone && gone < whole ? whole - gone : TimeSpan.Zero;

    /// <summary>The deadline of a try that may take <paramref name="most"/>, but not longer than what is left.</summary>
    public DateTime DeadlineWithin(TimeSpan most) => DateTime.UtcNow + (most < Left ? most : Left);
}
