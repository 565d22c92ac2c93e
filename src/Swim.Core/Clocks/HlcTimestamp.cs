using System.Globalization;

namespace Swim.Core.Clocks;

/// <summary>
/// A stamp of the hybrid logical clock: 48 bits of milliseconds since 1970 and 16 bits of counter in one number, so that stamps
/// compare as numbers. Hybrid Logical Clocks (Kulkarni et al. 2014) section 3.
/// </summary>
public readonly record struct HlcTimestamp(ulong Value) : IComparable<HlcTimestamp>
{
    /// <summary>Before every stamp a clock gives out.</summary>
    public static readonly HlcTimestamp Zero;

    /// <summary>Puts the two parts together; the counter must fit 16 bits.</summary>
    public static HlcTimestamp From(long physicalMs, int logical) => new(((ulong)physicalMs << 16) | (ushort)logical);

    /// <summary>The physical part: milliseconds since 1970-01-01 UTC.</summary>
    public long PhysicalMs => (long)(Value >> 16);

    /// <summary>The logical part: events within the same millisecond.</summary>
    public int Logical => (int)(Value & 0xFFFF);

    /// <summary>The next stamp; a full counter carries into the milliseconds.</summary>
    public HlcTimestamp Next() => new(Value + 1);

    /// <inheritdoc/>
    public int CompareTo(HlcTimestamp other) => Value.CompareTo(other.Value);

    /// <summary>Orders by time.</summary>
    public static bool operator <(HlcTimestamp left, HlcTimestamp right) => left.Value < right.Value;

    /// <summary>Orders by time.</summary>
    public static bool operator >(HlcTimestamp left, HlcTimestamp right) => left.Value > right.Value;

    /// <summary>Orders by time.</summary>
    public static bool operator <=(HlcTimestamp left, HlcTimestamp right) => left.Value <= right.Value;

    /// <summary>Orders by time.</summary>
    public static bool operator >=(HlcTimestamp left, HlcTimestamp right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PhysicalMs}.{Logical}");
}
