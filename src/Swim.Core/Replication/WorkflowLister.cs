using Swim.Core.Ring;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Lists what this replica holds. One pass over the buckets asked for, which keeps no more than a page.</summary>
internal sealed class WorkflowLister(ReplicaState state, ReplicationAcks acks, Bootstrapping bootstrapping)
{
    /// <summary>The page of the buckets that this node acts for and has complete; the others are missing from it.</summary>
    public Listed List(ListCommand list)
    {
        var missing = new BucketSet();
        var page = new SortedSet<ListPlace>();
        var hasMore = false;
        foreach (var bucket in list.Buckets.Members)
        {
            if (!state.Placement.Acts(bucket) || bootstrapping.IsUnderWay(bucket)) missing.Add(bucket);
            else if (state.Store.Find(bucket) is { } held) hasMore = Collect(list, held, page, hasMore);
        }

        return new Listed([.. page.Select(place => SummaryOf(place, list.MergedSinceUnixMs >= 0))], hasMore, missing);
    }

    // True when something had to be left out, now or before.
    private bool Collect(ListCommand list, Bucket bucket, SortedSet<ListPlace> page, bool leftOut)
    {
        foreach (var cells in bucket.Workflows)
        {
            var place = new ListPlace(cells.Created, cells.Id);
            var isUseless = place <= list.After || (leftOut && place > page.Max);
            if (isUseless || !Matches(list, cells)) continue;
            page.Add(place);
            if (page.Count > list.Limit) leftOut = page.Remove(page.Max);
        }

        return leftOut;
    }

    private bool Matches(ListCommand list, WorkflowCells cells) =>
        cells.Run is { } run
        && cells.Submission!.Namespace == list.Namespace
        && run.Definition.Name.StartsWith(list.NamePrefix, StringComparison.Ordinal)
        && (list.IdPrefix.Length == 0 || cells.Id.ToString().StartsWith(list.IdPrefix, StringComparison.Ordinal))
        && (list.States == 0 || (list.States & (1 << (int)StateOf(cells, run))) != 0)
        && (list.MergedSinceUnixMs < 0 || cells.Merges is { } merges && merges.LatestUnixMs >= list.MergedSinceUnixMs);

    private WorkflowSummary SummaryOf(ListPlace place, bool withMerges)
    {
        var cells = state.Store.Find(place.Id)!;
        var run = cells.Run!;
        var shown = StateOf(cells, run);
        return new WorkflowSummary(
            place, run.Definition.Name, shown, run.Definition.Tasks.Count, run.EndedCount, run.CountOf(TaskState.Failed), shown.IsTerminal() ? FinishedMs(cells, run) : 0)
        {
            Merges = withMerges ? cells.Merges?.Cut(MergeReport.ListedMax) : null,
        };
    }

    // A new end is shown as Get shows it: once as durable as the submission's ack, or after AckTimeout.
    private WorkflowState StateOf(WorkflowCells cells, RunState run)
    {
        var outcome = run.Outcome;
        if (!outcome.IsTerminal() || state.Now.WallMs - FinishedMs(cells, run) >= state.Settings.AckTimeout.TotalMilliseconds) return outcome;
        var asked = cells.Submission!.Ack == AckLevel.None ? AckLevel.K : cells.Submission.Ack;
        return acks.LevelOf(cells) >= asked ? outcome : run.Open;
    }

    private static long FinishedMs(WorkflowCells cells, RunState run)
    {
        var last = 0L;
        foreach (var task in run.Definition.Tasks)
        {
            if (cells.StatusOf(task.Index) is { } status && status.State.IsTerminal()) last = Math.Max(last, status.Stamp.PhysicalMs);
        }

        return last;
    }
}
