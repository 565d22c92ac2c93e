namespace Swim.Simulation.Shrinking;

/// <summary>Finds a small part of a list that still does what the whole does (ddmin: Zeller and Hildebrandt 2002, section 3).</summary>
internal static class DeltaDebugging
{
    /// <summary>
    /// A sublist, in order, for which <paramref name="fails"/> holds, given that it holds for <paramref name="all"/>. Where every call was
    /// answered truly, leaving out any one more item makes it pass. <paramref name="fails"/> may say no to end the search.
    /// </summary>
    public static IReadOnlyList<int> Smallest(IReadOnlyList<int> all, Func<IReadOnlyList<int>, bool> fails)
    {
        if (all.Count > 0 && fails([])) return [];
        var (kept, parts) = (all, 2);
        while (kept.Count >= 2)
        {
            parts = Math.Min(parts, kept.Count);
            if (TrySmaller(kept, parts, fails) is var (smaller, isComplement))
            {
                kept = smaller;
                parts = isComplement ? Math.Max(2, parts - 1) : 2;
            }
            else if (parts == kept.Count)
            {
                break;
            }
            else
            {
                parts *= 2;
            }
        }

        return kept;
    }

    private static (IReadOnlyList<int> Smaller, bool IsComplement)? TrySmaller(IReadOnlyList<int> kept, int parts, Func<IReadOnlyList<int>, bool> fails)
    {
        for (var part = 0; part < parts; part++)
        {
            var (from, to) = (kept.Count * part / parts, kept.Count * (part + 1) / parts);
            List<int> only = [.. kept.Take(to).Skip(from)];
            if (only.Count < kept.Count && fails(only)) return (only, false);
        }

        for (var part = 0; parts > 2 && part < parts; part++)
        {
            var (from, to) = (kept.Count * part / parts, kept.Count * (part + 1) / parts);
            List<int> without = [.. kept.Take(from), .. kept.Skip(to)];
            if (fails(without)) return (without, true);
        }

        return null;
    }
}
