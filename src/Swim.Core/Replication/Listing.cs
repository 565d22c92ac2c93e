using Swim.Core.Clocks;
using Swim.Core.Ring;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>A place in the order of a list: newest first, then by id. The order of two workflows never changes, so pages stay where they are.</summary>
/// <param name="Created">The stamp of the submission.</param>
/// <param name="Id">Which workflow.</param>
public readonly record struct ListPlace(HlcTimestamp Created, WorkflowId Id) : IComparable<ListPlace>
{
    /// <summary>Before every workflow.</summary>
    public static readonly ListPlace Start = new(new HlcTimestamp(ulong.MaxValue), default);

    /// <summary>Orders the newer first, then by id.</summary>
    public int CompareTo(ListPlace other)
    {
        var byAge = other.Created.CompareTo(Created);
        return byAge != 0 ? byAge : Id.CompareTo(other.Id);
    }

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <(ListPlace left, ListPlace right) => left.CompareTo(right) < 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >(ListPlace left, ListPlace right) => left.CompareTo(right) > 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <=(ListPlace left, ListPlace right) => left.CompareTo(right) <= 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >=(ListPlace left, ListPlace right) => left.CompareTo(right) >= 0;
}

/// <summary>Show the first workflows after a place. Asked by a client of all buckets, and by a node of each other one of those that it should answer for.</summary>
/// <param name="Namespace">Of which namespace.</param>
/// <param name="After">Where the page before ended.</param>
/// <param name="Limit">At most so many, 1 to <see cref="LimitMax"/>.</param>
/// <param name="States">Only workflows in these: bit n stands for the state of number n. Zero: in any.</param>
/// <param name="NamePrefix">Only those whose name begins so.</param>
/// <param name="IdPrefix">Only those whose id, written, begins so.</param>
/// <param name="Buckets">Only those of these buckets.</param>
public sealed record ListCommand(
    string Namespace, ListPlace After, int Limit, ushort States, string NamePrefix, string IdPrefix, BucketSet Buckets) : Command
{
    /// <summary>The longest page.</summary>
    public const int LimitMax = 1_000;

    /// <summary>The longest page of workflows with their merge reports.</summary>
    public const int MergedLimitMax = 100;

    /// <summary>
    /// Unless negative, only workflows that have a <see cref="MergeReport"/> with a stamp since this wall time in ms, and with it. Then a page has at
    /// most <see cref="MergedLimitMax"/>.
    /// </summary>
    public long MergedSinceUnixMs { get; init; } = -1;
}

/// <summary>A page of workflows.</summary>
/// <param name="Workflows">In the order of <see cref="ListPlace"/>.</param>
/// <param name="HasMore">True when more follow the last of them.</param>
/// <param name="Missing">The buckets for which nobody answered, or nobody who could know.</param>
public sealed record Listed(IReadOnlyList<WorkflowSummary> Workflows, bool HasMore, BucketSet Missing) : Reply;

/// <summary>A workflow in a list.</summary>
/// <param name="Place">Where it stands in the list.</param>
/// <param name="Name">For people.</param>
/// <param name="State">As <c>Get</c> would show it, but for an end that is not durable enough yet: that one still runs.</param>
/// <param name="Tasks">How many tasks it has.</param>
/// <param name="TasksDone">Of those, how many ended.</param>
/// <param name="TasksFailed">Of those, how many failed.</param>
/// <param name="FinishedUnixMs">When it ended; 0 while it has not.</param>
public sealed record WorkflowSummary(ListPlace Place, string Name, WorkflowState State, int Tasks, int TasksDone, int TasksFailed, long FinishedUnixMs)
{
    /// <summary>Its merge report, of which at most <see cref="MergeReport.ListedMax"/> tasks and attempts; null unless asked for.</summary>
    public MergeReport? Merges { get; init; }
}
