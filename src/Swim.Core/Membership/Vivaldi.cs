using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// A node's own coordinate, moved by each round trip that it measures as a spring would: Vivaldi (Dabek et al. 2004) section 3.4, with its constants.
/// Gravity towards the origin keeps the whole from drifting away (Ledlie, Gardner, Seltzer 2007, section 5.2), weak enough to leave distances alone.
/// Owned by one loop.
/// </summary>
internal sealed class Vivaldi(Prng prng)
{
    private const double ErrorWeight = 0.25;
    private const double MoveWeight = 0.25;
    private const double GravityMs = 500;
    private const int AdjustmentSamples = 20;
    private const double LeastMs = 0.001;
    private const double RoundTripMsMax = 10_000;

    private readonly Queue<double> _misses = [];

    /// <summary>Where this node stands.</summary>
    public Coordinate Own { get; private set; } = Coordinate.Origin;

    /// <summary>
    /// The round trip to a node at <paramref name="other"/> took so many milliseconds. False, and nothing changes, when that is no round trip or leads nowhere.
    /// </summary>
    public bool Move(Coordinate other, double tookMs)
    {
        if (tookMs is not (>= 0 and <= RoundTripMsMax)) return false;
        tookMs = Math.Max(tookMs, LeastMs);
        var miss = tookMs - Own.PlainMsTo(other);
        var weight = Own.Error / Math.Max(Own.Error + other.Error, LeastMs);
        var error = Math.Min(Own.Error * (1 - ErrorWeight * weight) + Math.Abs(miss) / tookMs * ErrorWeight * weight, Coordinate.ErrorMax);
        Span<double> place = stackalloc double[Coordinate.Dimensions];
        Own.Place.CopyTo(place);
        var height = Push(place, Own.HeightMs, other, MoveWeight * weight * miss);
        Fall(place);
        if (Coordinate.TryMake(place, height, error, AdjustmentWith(other, tookMs)) is not { } moved) return false;
        Own = moved;
        return true;
    }

    // Away from the other where the force is positive. The height takes its share of it.
    private double Push(Span<double> place, double height, Coordinate other, double forceMs)
    {
        Span<double> way = stackalloc double[Coordinate.Dimensions];
        var length = Direction(place, other.Place, way);
        for (var i = 0; i < way.Length; i++) place[i] += way[i] * forceMs;
        return length <= LeastMs ? height : Math.Max(Coordinate.HeightMinMs, height + (height + other.HeightMs) * forceMs / length);
    }

    private static void Fall(Span<double> place)
    {
        var sum = 0.0;
        foreach (var component in place) sum += component * component;
        var length = Math.Sqrt(sum);
        if (length <= LeastMs) return;
        var pull = Math.Min(1, length / (GravityMs * GravityMs));
        for (var i = 0; i < place.Length; i++) place[i] -= place[i] * pull;
    }

    // Two nodes at one place part in any direction.
    private double Direction(ReadOnlySpan<double> from, ReadOnlySpan<double> other, Span<double> way)
    {
        var length = Length(from, other, way);
        var isAnywhere = length <= LeastMs;
        if (isAnywhere)
        {
            for (var i = 0; i < way.Length; i++) way[i] = prng.Next(2_000_001) / 1_000_000.0 - 1;
        }

        var norm = isAnywhere ? Math.Max(Norm(way), LeastMs) : length;
        for (var i = 0; i < way.Length; i++) way[i] /= norm;
        return length;
    }

    private static double Length(ReadOnlySpan<double> from, ReadOnlySpan<double> other, Span<double> way)
    {
        for (var i = 0; i < way.Length; i++) way[i] = from[i] - other[i];
        return Norm(way);
    }

    private static double Norm(ReadOnlySpan<double> way)
    {
        var sum = 0.0;
        foreach (var part in way) sum += part * part;
        return Math.Sqrt(sum);
    }

    private double AdjustmentWith(Coordinate other, double tookMs)
    {
        _misses.Enqueue(tookMs - Own.PlainMsTo(other));
        if (_misses.Count > AdjustmentSamples) _misses.Dequeue();
        return _misses.Sum() / (2 * AdjustmentSamples);
    }
}
