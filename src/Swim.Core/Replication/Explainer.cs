using System.Globalization;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Tools;

namespace Swim.Core.Replication;

/// <summary>
/// Says why tasks do not run, from what this node's planner itself goes by. What it cannot know, since it does not plan the workflow or
/// is not ready, it says not to know.
/// </summary>
internal sealed class Explainer(ReplicaState state, Planner planner, Func<int, bool> isReady)
{
    private const int NamedMax = 16;

    /// <summary>The answer to a command.</summary>
    public Reply Answer(ExplainCommand command)
    {
        if (state.Store.Find(command.Id) is not { Run: { } run } cells || cells.Submission!.Namespace != command.Namespace)
        {
            return isReady(Ring.Buckets.BucketOf(command.Id.Place))
                ? new Refused(RefusalReason.NotFound, "NOT_FOUND", $"No workflow {command.Id} in this namespace: check the id and the namespace.")
                : new Refused(RefusalReason.Unavailable, "NOT_READY", "The owner that was asked does not know its workflows yet: try again.");
        }

        var tasks = run.Definition.Tasks.Where(task => command.Task.Length == 0 ? IsWaiting(run[task.Index]) : task.Id == command.Task).ToList();
        if (command.Task.Length > 0 && tasks.Count == 0)
            return new Refused(RefusalReason.NotFound, "TASK_NOT_FOUND", "The workflow has no task of that name: swim get shows them.");
        var shown = tasks.Take(Explained.TasksMax).Select(task => Explain(cells, run, task)).ToList();
        return new Explained(cells.Id, run.Outcome, state.Self, PlannerOf(cells), shown, tasks.Count - shown.Count);
    }

    private static bool IsWaiting(TaskState task) => !task.IsTerminal() && task != TaskState.Running;

    private NodeId PlannerOf(WorkflowCells cells) => state.Placement.ActingOwners(cells.Bucket) is [var first, ..] ? first : NodeId.None;

    private TaskExplanation Explain(WorkflowCells cells, RunState run, TaskDefinition task)
    {
        var (current, status) = (run[task.Index], cells.StatusOf(task.Index));
        if (current == TaskState.Skipped) return Of(task, current, WaitReason.Ended, $"It is skipped: dependency {run.FailedDependency(task)?.Id} did not succeed.");
        if (current.IsTerminal()) return Of(task, current, WaitReason.Ended, $"It has ended on {Name(status!.Detail.Executor)}.", status.Stamp.PhysicalMs);
        if (current == TaskState.Running) return Of(task, current, WaitReason.Running, $"Attempt {status!.Attempt} runs on {Name(status.Detail.Executor)}.", new Clocks.HlcTimestamp(TokenOf(cells, task, status)).PhysicalMs);
        if (current == TaskState.Claimed) return Claimed(cells, task, status!);
        if (run.Phase >= WorkflowPhase.Cancelling) return Of(task, current, WaitReason.Cancelling, "Its workflow is being cancelled: it will not run.");
        if (current == TaskState.Pending && !run.IsReady(task)) return Dependencies(run, task);
        if (current == TaskState.RetryWait && status!.Detail.RetryAtUnixMs > state.Now.WallMs)
            return Of(task, current, WaitReason.Retry, $"Attempt {status.Attempt} failed ({status.Detail.ErrorCode}): the next one is due in {Time(status.Detail.RetryAtUnixMs - state.Now.WallMs)}.", status.Stamp.PhysicalMs, status.Detail.RetryAtUnixMs);
        return Ready(cells, task, current);
    }

    private TaskExplanation Claimed(WorkflowCells cells, TaskDefinition task, TaskStatus status)
    {
        var attempt = ClaimBook.AttemptOf(cells.Id, task.Index, status);
        return planner.Majority.IsUndurable(attempt)
            ? Of(task, TaskState.Claimed, WaitReason.Disks, $"Its voters agreed to attempt {status.Attempt}, which begins once most home owners have that on their disks.", status.Stamp.PhysicalMs)
            : Of(task, TaskState.Claimed, WaitReason.Dispatched, $"Attempt {status.Attempt} was given to {Name(status.Detail.Executor)}, who has not said yet that it runs.", status.Stamp.PhysicalMs);
    }

    private static TaskExplanation Dependencies(RunState run, TaskDefinition task)
    {
        var open = task.DependsOn.Where(dependency => run[dependency] != TaskState.Succeeded).ToList();
        var names = open.Take(NamedMax).Select(dependency => $"{run.Definition.Tasks[dependency].Id} ({run[dependency].ToString().ToUpperInvariant()})");
        return Of(task, TaskState.Pending, WaitReason.Dependencies, $"It waits for {string.Join(", ", names)}{(open.Count > NamedMax ? $" and {open.Count - NamedMax} more" : "")}.");
    }

    // All that the cells tell is that it could run: what holds it back only its planner knows.
    private TaskExplanation Ready(WorkflowCells cells, TaskDefinition task, TaskState current)
    {
        var since = state.Now.WallMs - (long)cells.WaitOf(task, state.Now).TotalMilliseconds;
        if (PlannerOf(cells) is var other && other != state.Self)
            return Of(task, current, WaitReason.Planner, $"It is ready. {Name(other)} plans it and did not answer: whether it waits for a slot or for votes is not known here.", since);
        if (!isReady(cells.Bucket))
            return Of(task, current, WaitReason.NotReady, $"It is ready. {Name(state.Self)} plans it, and first compares its state with the other members, since it started or met them anew.", since);
        if (planner.Majority.Find(cells.Id, task.Index) is { } claim)
            return Of(task, current, WaitReason.Majority, MajorityWords.Of(state, cells, claim), Math.Min(since, claim.SinceUnixMs));
        if (planner.Credits.PlaceOf(cells.Id, task.Index) is { } place)
            return Of(task, current, WaitReason.Slot, $"It is ready and waits for a free slot on {Name(place.Executor)}; {place.Before} other tasks of this planner are before it.", since);
        if (state.Placement.ExecutorFor(0, task.Tool) == NodeId.None) return Of(task, current, WaitReason.NoMember, NoMember(task), since);
        return Of(task, current, WaitReason.Nothing, "It is ready, and nothing that its planner knows of holds it back: ask again.", since);
    }

    private static string NoMember(TaskDefinition task) => ToolCatalog.CapabilityFor(task.Tool) is { } capability
        ? $"It is ready, and no member that is up and takes tasks can run {task.Tool} (capability {capability})."
        : "It is ready, and no member that is up takes tasks: they drain, are suspected, or have no slots.";

    private string Name(NodeId node) => node == NodeId.None ? "nobody" : state.Placement.NameOf(node);

    private static ulong TokenOf(WorkflowCells cells, TaskDefinition task, TaskStatus status) =>
        status.State == TaskState.Running ? ClaimBook.AttemptOf(cells.Id, task.Index, status).Token : status.Stamp.Value;

    private static string Time(long ms) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, ms) / 1000.0:0.0} s");

    private static TaskExplanation Of(TaskDefinition task, TaskState current, WaitReason reason, string text, long since = 0, long until = 0) =>
        new(task.Id, current, reason, text, since, until);
}
