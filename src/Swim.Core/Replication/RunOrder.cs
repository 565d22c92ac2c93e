using Swim.Core.Crdt;

namespace Swim.Core.Replication;

/// <summary>Which of several runs of a task comes first: the order of <see cref="TaskStatus"/>, over the cells that tell of runs.</summary>
internal static class RunOrder
{
    /// <summary>Results in the order in which they would win: the highest generation, the earliest stamp, the lowest node, the lowest attempt, the write.</summary>
    public static readonly IComparer<Cell> OfResults = Comparer<Cell>.Create(static (one, other) =>
    {
        var (left, right) = (RunPayloads.Result(one), RunPayloads.Result(other));
        var order = right.Generation.CompareTo(left.Generation);
        if (order == 0) order = one.Stamp.CompareTo(other.Stamp);
        if (order == 0) order = one.Node.CompareTo(other.Node);
        if (order == 0) order = left.Attempt.CompareTo(right.Attempt);
        return order != 0 ? order : one.Dot.CompareTo(other.Dot);
    });

    /// <summary>True when an end takes the place of another end of the same generation: somebody may have seen the one before.</summary>
    public static bool IsFlip(TaskStatus before, TaskStatus after) =>
        before.Rank > 0 && after.Rank > 0 && before.Generation == after.Generation
        && (before.State, before.Attempt, before.Detail.Executor) != (after.State, after.Attempt, after.Detail.Executor);
}
