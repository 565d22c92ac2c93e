using System.Globalization;
using Swim.Core.Replication;
using Swim.Core.Scheduling;

namespace Swim.Simulation.Reports;

/// <summary>Writes down what happens in a run, a line each, for people who look for a fault: events, notices, messages, tasks.</summary>
internal sealed class TraceWriter(Simulator cluster, TextWriter to) : IObserver
{
    /// <summary>Begins to look on.</summary>
    public void Attach()
    {
        cluster.Timeline.Watch = (_, what) => Write(what.Node, what.Kind.ToString());
        cluster.Notices.Watch = (node, notice) => Write(node, notice.ToString());
        cluster.World.Observers.Add(this);
    }

    /// <inheritdoc/>
    public void OnTaskStarted(int node, StartTask task) => Write(node, $"starts {task.Attempt} {task.Tool}");

    /// <inheritdoc/>
    public void OnTaskEnded(int node, StartTask task, AttemptOutcome outcome) => Write(node, $"ended {task.Attempt} {outcome.Kind} {outcome.ErrorCode}");

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message) => Write(from, $"to n{to}: {Describe(message)}");

    private static string Describe(PeerMessage message) => message switch
    {
        PushCells push => $"{nameof(PushCells)} {string.Join("; ", push.Frames.Select(Describe))}",
        RepairAsk ask => $"{nameof(RepairAsk)} {ask.Request} bucket {ask.Bucket} after {ask.After} wants {ask.Wants.Count}",
        RepairCells cells => $"{nameof(RepairCells)} {cells.Request} {Describe(cells.Frame)} {(cells.Last ? "last" : "more")}",
        RepairSymbols symbols => $"{nameof(RepairSymbols)} {symbols.Request} bucket {symbols.Bucket} of {symbols.Snapshot}: {symbols.From}+{symbols.Symbols.Count}",
        RepairGroups groups => $"{nameof(RepairGroups)} {groups.Exchange}",
        RepairOpen { Groups: { } asked } open => $"{nameof(RepairOpen)} {open.Exchange} groups {string.Join(", ", asked)}",
        RepairDigests digests => $"{nameof(RepairDigests)} {digests.Exchange} {(digests.Equal ? "equal" : $"{digests.Buckets.Count} buckets")}",
        AttemptsRunning running => $"{nameof(AttemptsRunning)} {string.Join(", ", running.Attempts)}",
        _ => message.ToString(),
    };

    private static string Describe(DeltaFrame frame) =>
        $"bucket {frame.Bucket} {frame.Actor:x}:{frame.SeqFrom}-{frame.SeqTo} [{string.Join(", ", frame.Cells.Select(Describe))}]";

    private static string Describe(Cell cell) => cell.Key.Kind == CellKind.Status
        ? $"task {cell.Key.Subkey.A} {cell.Status.State} attempt {cell.Status.Attempt} on {cell.Status.Detail.Executor}"
        : cell.Key.Kind.ToString();

    private void Write(int node, string what) =>
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cluster.Elapsed.TotalSeconds:0.000000} n{node} {what}"));
}
