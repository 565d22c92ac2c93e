using System.Diagnostics.Metrics;
using Swim.Core.Scheduling;
using Swim.Node.Hosting;

namespace Swim.Node.Observability;

/// <summary>
/// What one node measures, on the meter <see cref="MeterName"/>. Names are those of the text that Prometheus scrapes. No label
/// takes its values from outside: each has a small, fixed set.
/// </summary>
internal sealed class NodeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Swim.Orchestrator";

    private readonly Counter<long> _tasksStarted;
    private readonly Counter<long> _tasksEnded;
    private readonly Histogram<double> _taskSeconds;
    private readonly Counter<long> _logRecords;
    private readonly Histogram<double> _flushSeconds;
    private readonly Counter<long> _apiCalls;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _frameBytes;

    public NodeMetrics(IMeterFactory meters, Counters counters)
    {
        Meter = meters.Create(MeterName);
        _tasksStarted = Meter.CreateCounter<long>("swim_tasks_started_total", description: "Attempts started on this node.");
        _tasksEnded = Meter.CreateCounter<long>("swim_tasks_ended_total", description: "Attempts ended on this node, by outcome.");
        _taskSeconds = Meter.CreateHistogram<double>("swim_task_duration_seconds", description: "How long attempts took, by outcome.");
        _logRecords = Meter.CreateCounter<long>("swim_log_records_total", description: "Records made durable.");
        _flushSeconds = Meter.CreateHistogram<double>("swim_log_flush_seconds", description: "How long a batch took to write and sync.");
        _apiCalls = Meter.CreateCounter<long>("swim_api_calls_total", description: "Calls that ended, by route and status.");
        _frames = Meter.CreateCounter<long>("swim_peer_frames_received_total", description: "Frames of other nodes.");
        _frameBytes = Meter.CreateCounter<long>("swim_peer_received_bytes_total", description: "Bytes of frames of other nodes.");
        Meter.CreateObservableCounter("swim_events_total", () => counters.Snapshot().Select(static count => Labelled(count.Value, "event", count.Key)), description: "What the node did, refused and dropped, by name.");
    }

    /// <summary>The node's own meter.</summary>
    public Meter Meter { get; }

    public void TaskStarted() => _tasksStarted.Add(1);

    public void TaskEnded(AttemptOutcomeKind kind, TimeSpan took)
    {
        var outcome = KeyValuePair.Create<string, object?>("outcome", NameOf(kind));
        _tasksEnded.Add(1, outcome);
        _taskSeconds.Record(took.TotalSeconds, outcome);
    }

    /// <summary>A batch became durable.</summary>
    public void Flushed(int records, TimeSpan took)
    {
        _logRecords.Add(records);
        _flushSeconds.Record(took.TotalSeconds);
    }

    public void ApiCall(string route, string status) =>
        _apiCalls.Add(1, KeyValuePair.Create<string, object?>("method", route), KeyValuePair.Create<string, object?>("status", status));

    public void FrameReceived(int bytes)
    {
        _frames.Add(1);
        _frameBytes.Add(bytes);
    }

    internal static Measurement<long> Labelled(long value, string label, string name) => new(value, KeyValuePair.Create<string, object?>(label, name));

    private static string NameOf(AttemptOutcomeKind kind) => kind switch
    {
        AttemptOutcomeKind.Succeeded => "succeeded",
        AttemptOutcomeKind.Stopped => "stopped",
        _ => "failed",
    };
}
