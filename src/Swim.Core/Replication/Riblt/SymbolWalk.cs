namespace Swim.Core.Replication.Riblt;

/// <summary>
/// The indexes of the coded symbols that an item maps to, ascending: 0, then each i with probability 1 / (1 + i / 2), as section 4.2 of
/// the paper has it with alpha = 0.5. The step from i is drawn from the inverse of P(step &gt; s) = ((i + 1.5) / (i + s + 1.5))^2.
/// The arithmetic is IEEE 754 addition, multiplication, division, square root and ceiling, which every machine rounds alike.
/// </summary>
public struct SymbolWalk(ulong item)
{
    private const double Unit = 1.0 / (1UL << 53);
    private ulong _state = item;

    /// <summary>Where the item maps to now.</summary>
    public long Index { get; private set; }

    /// <summary>Goes to the next index; one beyond every table counts as the last.</summary>
    public void Next()
    {
        var uniform = ((Draw() >> 11) + 1) * Unit;
        var step = Math.Ceiling((Index + 1.5) * ((1 / Math.Sqrt(uniform)) - 1));
        Index += Math.Max(1, (long)Math.Min(step, int.MaxValue));
    }

    // SplitMix64 (Steele, Lea, Flood 2014) from the item itself.
    private ulong Draw()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
