namespace Swim.Core.Workflows.Documents;

/// <summary>Finds what somebody probably meant, by Levenshtein distance.</summary>
public static class NearestName
{
    private const string Opening = " Did you mean '";
    private const string Closing = "'?";
    private const int CandidatesMax = 1_000;
    private const int LengthMax = 128;
    private const int PrefixMin = 3;

    /// <summary>The candidate with the fewest edits, first one on a tie, or the one it begins; null when none is within a third of the length (at least 2 edits).</summary>
    public static string? Of(string wrong, IEnumerable<string> candidates)
    {
        if (wrong.Length > LengthMax) return null;
        string? best = null;
        // Replacing every character is no resemblance.
        var bestDistance = Math.Min(Math.Max(2, wrong.Length / 3) + 1, wrong.Length);
        foreach (var candidate in candidates.Take(CandidatesMax))
        {
            // "timeout" for "timeout_ms": left unfinished rather than misspelt.
            if (wrong.Length >= PrefixMin && candidate.StartsWith(wrong, StringComparison.OrdinalIgnoreCase)) return candidate;
            if (Math.Abs(candidate.Length - wrong.Length) >= bestDistance) continue;
            var distance = Distance(wrong, candidate);
            if (distance < bestDistance) (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>The sentence to append to a message: " Did you mean 'x'?", or nothing.</summary>
    public static string Suggest(string wrong, IEnumerable<string> candidates) =>
        Of(wrong, candidates) is { } nearest ? Opening + nearest + Closing : "";

    /// <summary>The word that <see cref="Suggest"/> put into a message; empty when there is none.</summary>
    public static string SuggestedIn(string message)
    {
        var start = message.LastIndexOf(Opening, StringComparison.Ordinal);
        return start >= 0 && message.EndsWith(Closing, StringComparison.Ordinal) ? message[(start + Opening.Length)..^Closing.Length] : "";
    }

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
