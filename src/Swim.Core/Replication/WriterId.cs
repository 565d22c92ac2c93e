using Swim.Core.Clocks;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// The shape of the ids under which nodes write: 28 bits of a hash of the node, its <em>family</em>, and 36 bits of when the node took the
/// id, its <em>birth</em>, in sixteenths of a second since 2020. So anybody can tell from two ids alone that a node has given one up for the
/// other. An id that was drawn at random has a family of its own. Two nodes may share a family, never an id. Design: ADR 19.
/// </summary>
public static class WriterId
{
    private const int BirthBits = 36;
    private const long BirthsPerSecond = 16;
    private const long EpochUnixMs = 1_577_836_800_000;
    private const ulong FamilySeed = 0x7772_6974_6572_7301;

    /// <summary>The last birth there is: in the year 2156.</summary>
    public const ulong BirthMax = (1UL << BirthBits) - 1;

    /// <summary>How many births a new id may lie ahead of the clock: below one second.</summary>
    public const int JitterMax = 16;

    /// <summary>The family of a node's ids.</summary>
    public static ulong FamilyOf(NodeId node) => StableHash.Of(node.Value, 0, FamilySeed) >> BirthBits;

    /// <summary>The family of an id.</summary>
    public static ulong FamilyOf(ulong writer) => writer >> BirthBits;

    /// <summary>The birth of an id.</summary>
    public static ulong BirthOf(ulong writer) => writer & BirthMax;

    /// <summary>The id of a family and a birth, which is more than zero.</summary>
    public static ulong Of(ulong family, ulong birth) => (family << BirthBits) | birth;

    /// <summary>The birth of an id that is taken at that time; at least 1.</summary>
    public static ulong BirthAt(long unixMs) => unixMs <= EpochUnixMs ? 1 : Math.Clamp((ulong)((unixMs - EpochUnixMs) * BirthsPerSecond / 1000), 1, BirthMax);

    /// <summary>The earliest moment after everything that was written before that birth.</summary>
    public static HlcTimestamp TimeOf(ulong birth) => HlcTimestamp.From(EpochUnixMs + ((long)(birth + 1) * 1000 / BirthsPerSecond), 0);

    /// <summary>
    /// The next id of a node: later than <paramref name="newest"/>, the newest known of its family (0 for none), whatever its clock says. Drawn
    /// at random where another member <paramref name="isShared"/> the family, and after the last birth.
    /// </summary>
    public static ulong Next(NodeId node, ulong newest, bool isShared, long unixMs, Prng prng)
    {
        var random = prng.NextUInt64();
        var birth = Math.Max(BirthAt(unixMs) + (random % JitterMax), newest == 0 ? 1 : BirthOf(newest) + 1);
        return isShared || birth > BirthMax ? Math.Max(1, random) : Of(FamilyOf(node), birth);
    }
}
