using System.Buffers;
using MessagePack;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// After the heal the merge reports of all owners are the same to the byte, and tell of every task that ran to a success more than once in its
/// generation, with each of these runs, and of no success that nobody ran. For scenarios in which no executor's end is lost.
/// </summary>
internal sealed class MergesAreToldChecker(Workload work) : IChecker, IObserver
{
    private readonly SortedDictionary<(WorkflowId Run, int Task, int Generation), SortedSet<(int Attempt, int Node)>> _succeeded = [];
    private Owners? _owners;

    /// <summary>How many tasks ran to a success more than once.</summary>
    public int RanTwice => _succeeded.Values.Count(static runs => runs.Count > 1);

    /// <inheritdoc/>
    public string Name => "MergesAreTold";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public void OnTaskEnded(int node, StartTask task, AttemptOutcome outcome)
    {
        if (outcome.Kind != AttemptOutcomeKind.Succeeded) return;
        var key = (task.Attempt.Workflow, task.Attempt.Task, task.Attempt.Generation);
        if (!_succeeded.TryGetValue(key, out var runs)) _succeeded[key] = runs = [];
        runs.Add((task.Attempt.Attempt, node));
    }

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        var nodes = cluster.Nodes.ToDictionary(static node => node.Id, static node => node.Index);
        foreach (var submission in work.Acked)
        {
            byte[]? first = null;
            foreach (var owner in _owners.Of(submission.Id))
            {
                if (Owners.Cells(owner, submission.Id) is not { Run: { } run } cells) return $"n{owner.Index} does not hold {submission.Id}";
                var bytes = BytesOf(cells.Merges);
                first ??= bytes;
                if (!first.AsSpan().SequenceEqual(bytes)) return $"owners of {submission.Id} tell of different merges, one of them n{owner.Index}";
                if (run.Definition.Tasks.Select(task => Check(cells, task, nodes)).FirstOrDefault(static wrong => wrong is not null) is { } wrong) return $"{wrong} of {submission.Id} on n{owner.Index}";
            }
        }

        return null;
    }

    // Ends of a generation that is over are no longer taken in, so only the present one is looked at.
    private string? Check(WorkflowCells cells, TaskDefinition task, Dictionary<Swim.Core.Primitives.NodeId, int> nodes)
    {
        var generation = cells.StatusOf(task.Index)?.Generation ?? 0;
        var ran = _succeeded.GetValueOrDefault((cells.Id, task.Index, generation)) ?? [];
        var told = cells.Merges?.Tasks.FirstOrDefault(merge => merge.Task == task.Id && merge.Generation == generation)?.Runs.Where(static run => run.IsSuccess)
            .Select(run => (run.Attempt, nodes[run.Executor])).ToHashSet() ?? [];
        if (told.Except(ran).Any()) return $"a success of {task.Id} is told of that nobody ran: {string.Join(' ', told.Except(ran))}";
        return ran.Count > 1 && ran.Except(told).Any() ? $"{task.Id} ran {string.Join(' ', ran)}, of which are not told {string.Join(' ', ran.Except(told))}: it" : null;
    }

    private static byte[] BytesOf(MergeReport? report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        MergeReportCodec.Write(ref writer, report);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
