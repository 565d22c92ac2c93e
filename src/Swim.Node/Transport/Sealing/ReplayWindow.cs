namespace Swim.Node.Transport.Sealing;

/// <summary>
/// Which of the counters of a stream were taken: each at most once, and none further behind the highest than the window is wide, since what lies
/// there cannot be told from what came before. RFC 6479, a ring of words that never moves.
/// </summary>
internal sealed class ReplayWindow
{
    /// <summary>How far behind the highest a counter may be.</summary>
    public const int Width = 1_024;

    private const int WordBits = 64;
    // More than the window takes: the word in which the highest lies is not yet full. A power of two, so that the counters' end is no special case.
    private const int Words = 32;

    private readonly ulong[] _taken = new ulong[Words];
    private ulong _highest;

    /// <summary>True when <paramref name="counter"/> (from 1) would be taken.</summary>
    public bool CanTake(ulong counter)
    {
        if (counter > _highest) return true;
        return counter > 0 && _highest - counter < Width && (Word(counter) & Bit(counter)) == 0;
    }

    /// <summary>Takes <paramref name="counter"/>; false when it was taken or cannot be told, and then nothing changes.</summary>
    public bool TryTake(ulong counter)
    {
        if (!CanTake(counter)) return false;
        if (counter > _highest) Advance(counter);
        Word(counter) |= Bit(counter);
        return true;
    }

    private void Advance(ulong counter)
    {
        var fresh = Math.Min((counter / WordBits) - (_highest / WordBits), Words);
        for (ulong word = 1; word <= fresh; word++) _taken[(int)((_highest / WordBits + word) % Words)] = 0;
        _highest = counter;
    }

    private ref ulong Word(ulong counter) => ref _taken[(int)(counter / WordBits % Words)];

    private static ulong Bit(ulong counter) => 1UL << (int)(counter % WordBits);
}
