using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Swim.Core.Membership;

/// <summary>
/// Where a node stands in a space in which distances are round trips: Vivaldi (Dabek, Cox, Kaashoek, Morris 2004) with a height for the way
/// to the node's own door (section 5.4) and an adjustment for what no such space can show (Lee, Guha, Sahu 2010). Immutable, always finite and in range.
/// It is a guess, never state that is merged.
/// </summary>
public sealed class Coordinate
{
    /// <summary>Dimensions besides the height.</summary>
    public const int Dimensions = 8;

    /// <summary>The worst error: of a node that has measured nothing yet.</summary>
    public const double ErrorMax = 1.5;

    /// <summary>Encoded, in bytes: form, 8 components, height, error, adjustment.</summary>
    public const int EncodedBytes = 1 + 3 * Dimensions + 3 + 2 + 3;

    internal const double HeightMinMs = 0.01;

    // No two places on earth are half as far apart: what lies beyond was made up.
    private const double BoundMs = 5_000;
    private const byte Form = 1;
    private const int ErrorUnits = 32_768;
    private const double UnitsPerMs = 1_000;

    private readonly ImmutableArray<double> _place;

    private Coordinate(ImmutableArray<double> place, double heightMs, double error, double adjustmentMs) =>
        (_place, HeightMs, Error, AdjustmentMs) = (place, heightMs, error, adjustmentMs);

    /// <summary>Of a node that has measured nothing yet.</summary>
    public static Coordinate Origin { get; } = new([.. new double[Dimensions]], HeightMinMs, ErrorMax, 0);

    /// <summary>How wrong its predictions are, as a part of the round trip: from 0 to <see cref="ErrorMax"/>.</summary>
    public double Error { get; }

    /// <summary>The way to the node's own door, in milliseconds; above 0.</summary>
    internal double HeightMs { get; }

    internal double AdjustmentMs { get; }

    internal ReadOnlySpan<double> Place => _place.AsSpan();

    /// <summary>The round trip to expect between two nodes; the same from either side.</summary>
    public TimeSpan DistanceTo(Coordinate other)
    {
        var plain = PlainMsTo(other);
        var adjusted = plain + AdjustmentMs + other.AdjustmentMs;
        return TimeSpan.FromMilliseconds(adjusted > 0 ? adjusted : plain);
    }

    /// <summary>The distance without adjustments, in milliseconds.</summary>
    internal double PlainMsTo(Coordinate other)
    {
        var sum = 0.0;
        for (var i = 0; i < Dimensions; i++) sum += (_place[i] - other._place[i]) * (_place[i] - other._place[i]);
        return Math.Sqrt(sum) + HeightMs + other.HeightMs;
    }

    /// <summary>One with these parts; null where a part is no number or out of range.</summary>
    internal static Coordinate? TryMake(ReadOnlySpan<double> place, double heightMs, double error, double adjustmentMs)
    {
        // NaN fails every comparison, and infinities these.
        foreach (var component in place) if (!(Math.Abs(component) <= BoundMs)) return null;
        var isInRange = heightMs is >= HeightMinMs and <= BoundMs && error is >= 0 and <= ErrorMax && Math.Abs(adjustmentMs) <= BoundMs;
        return isInRange && place.Length == Dimensions ? new Coordinate([.. place], heightMs, error, adjustmentMs) : null;
    }

    /// <summary>In whole microseconds, big endian, three bytes each: a form in which no value but numbers can be written.</summary>
    internal byte[] Encode()
    {
        var bytes = new byte[EncodedBytes];
        bytes[0] = Form;
        var rest = bytes.AsSpan(1);
        foreach (var component in _place) rest = WriteMs(rest, component);
        rest = WriteMs(rest, HeightMs);
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)Math.Round(Error * ErrorUnits));
        WriteMs(rest[2..], AdjustmentMs);
        return bytes;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; null for anything else.</summary>
    internal static Coordinate? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != EncodedBytes || bytes[0] != Form) return null;
        Span<double> place = stackalloc double[Dimensions];
        for (var i = 0; i < Dimensions; i++) place[i] = ReadMs(bytes[(1 + 3 * i)..]);
        var tail = bytes[(1 + 3 * Dimensions)..];
        return TryMake(place, ReadMs(tail), BinaryPrimitives.ReadUInt16BigEndian(tail[3..]) / (double)ErrorUnits, ReadMs(tail[5..]));
    }

    private static Span<byte> WriteMs(Span<byte> bytes, double ms)
    {
        var units = (int)Math.Round(ms * UnitsPerMs);
        (bytes[0], bytes[1], bytes[2]) = ((byte)(units >> 16), (byte)(units >> 8), (byte)units);
        return bytes[3..];
    }

    private static double ReadMs(ReadOnlySpan<byte> bytes) => (((sbyte)bytes[0] << 16) | (bytes[1] << 8) | bytes[2]) / UnitsPerMs;
}
