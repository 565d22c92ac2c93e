namespace Swim.Core.Primitives;

/// <summary>Lists whose values ascend, each once: what a sorted set is, without a node for each value.</summary>
internal static class Ascending
{
    /// <summary>Brings the values into ascending order and drops those that are there twice. Costs one pass where they ascend already.</summary>
    public static void SortOnce<T>(this List<T> values) where T : IComparable<T>
    {
        if (Ascends(values)) return;
        values.Sort();
        var kept = 1;
        for (var at = 1; at < values.Count; at++)
        {
            if (values[at].CompareTo(values[kept - 1]) != 0) values[kept++] = values[at];
        }

        values.RemoveRange(kept, values.Count - kept);
    }

    private static bool Ascends<T>(List<T> values) where T : IComparable<T>
    {
        for (var at = 1; at < values.Count; at++)
        {
            if (values[at - 1].CompareTo(values[at]) >= 0) return false;
        }

        return true;
    }
}
