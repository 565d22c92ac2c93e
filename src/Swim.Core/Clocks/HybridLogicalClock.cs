using Swim.Core.Primitives;

namespace Swim.Core.Clocks;

/// <summary>What the clock says of a remote stamp.</summary>
public enum SkewVerdict : byte
{
    /// <summary>Within the bound: witnessed.</summary>
    Accept,

    /// <summary>Ahead by more than <see cref="HybridLogicalClock.AcceptAheadMs"/>: keep the frame until it is due.</summary>
    Hold,

    /// <summary>Ahead by more than <see cref="HybridLogicalClock.HoldAheadMs"/>: refuse the frame; the clock did not move.</summary>
    Refuse,
}

/// <summary>
/// The hybrid logical clock of one node: every stamp is greater than all it gave out or witnessed and stays close to the wall
/// clock. Hybrid Logical Clocks (Kulkarni et al. 2014) figure 5. A bad remote clock never moves it by more than <see cref="AcceptAheadMs"/>.
/// </summary>
public sealed class HybridLogicalClock(HlcTimestamp last = default)
{
    /// <summary>A remote stamp up to this far ahead of the wall clock is witnessed: 500 ms.</summary>
    public const long AcceptAheadMs = 500;

    /// <summary>A remote stamp up to this far ahead is held until due, beyond it is refused: 10 s.</summary>
    public const long HoldAheadMs = 10_000;

    /// <summary>The greatest stamp given out or witnessed.</summary>
    public HlcTimestamp Last { get; private set; } = last;

    /// <summary>How far <see cref="Bound"/> goes beyond a stamp that reached it: 5 s.</summary>
    public const long BoundAheadMs = 5_000;

    /// <summary>
    /// No stamp given out is greater. It is in every record, so that a node that cannot read its last records any more still knows what stamps they may
    /// have had.
    /// </summary>
    public HlcTimestamp Bound { get; private set; }

    /// <summary>A new stamp, greater than every earlier one of this clock.</summary>
    public HlcTimestamp Tick(Now now)
    {
        var wall = HlcTimestamp.From(now.WallMs, 0);
        Last = wall > Last ? wall : Last.Next();
        if (Last > Bound) Bound = HlcTimestamp.From(Last.PhysicalMs + BoundAheadMs, 0);
        return Last;
    }

    /// <summary>Takes note of a remote stamp so that later own stamps are greater. The clock moves only on <see cref="SkewVerdict.Accept"/>.</summary>
    public SkewVerdict Witness(Now now, HlcTimestamp remote)
    {
        var verdict = Judge(now, remote);
        if ((verdict == SkewVerdict.Accept || Planted.Is(Mutant.PoisonFollowed)) && remote > Last) Last = remote;
        return verdict;
    }

    /// <summary>What <see cref="Witness"/> would say, without moving the clock.</summary>
    public static SkewVerdict Judge(Now now, HlcTimestamp remote) => (remote.PhysicalMs - now.WallMs) switch
    {
        <= AcceptAheadMs => SkewVerdict.Accept,
        <= HoldAheadMs => SkewVerdict.Hold,
        _ => SkewVerdict.Refuse,
    };

    /// <summary>Starts no lower than a stamp found in this node's own log.</summary>
    public void Restore(HlcTimestamp durable)
    {
        if (durable > Last && !Planted.Is(Mutant.StampsForgotten)) Last = durable;
    }

    /// <summary>The bound of an earlier life, found in this node's own log.</summary>
    public void RestoreBound(HlcTimestamp bound)
    {
        if (bound > Bound) Bound = bound;
    }

    /// <summary>Starts no lower than the bound: stamps were given out that nobody here knows of any more.</summary>
    public void SkipToBound() => Restore(Bound);
}
