using System.Diagnostics.Metrics;
using Swim.Node.Hosting;

namespace Swim.Node.Observability;

/// <summary>
/// What one node measures, on the meter <see cref="MeterName"/>. Names are those of the text that Prometheus scrapes. No label
/// takes its values from outside: each has a small, fixed set. Every metric is in the table of docs/OPERATIONS.md.
/// </summary>
internal sealed class NodeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Swim.Orchestrator";

    private readonly Counter<long> _apiCalls;

    public NodeMetrics(IMeterFactory meters, Counters counters)
    {
        Meter = meters.Create(MeterName);
        Tasks = new TaskMetrics(Meter);
        Peers = new PeerMetrics(Meter);
        Membership = new MembershipMetrics(Meter);
        Log = new LogMetrics(Meter);
        _apiCalls = Meter.CreateCounter<long>("swim_api_calls_total", description: "Calls that ended, by route and status.");
        Meter.CreateObservableCounter("swim_events_total", () => counters.Snapshot().Where(static count => !IsFault(count.Key)).Select(static count => Labelled(count.Value, "event", count.Key)), description: "What the node did, refused and dropped, by name.");
        Meter.CreateObservableCounter("swim_connection_faults_total", () => counters.Snapshot().Where(static count => IsFault(count.Key)).Select(static count => Labelled(count.Value, "fault", count.Key[ConnectionFaults.Prefix.Length..])), description: "Connections to the TCP ports that ended by a fault, by its kind.");
    }

    /// <summary>The node's own meter.</summary>
    public Meter Meter { get; }

    /// <summary>Workflows and tasks.</summary>
    public TaskMetrics Tasks { get; }

    /// <summary>What this node says to others and hears from them, over both ways.</summary>
    public PeerMetrics Peers { get; }

    /// <summary>Who is there.</summary>
    public MembershipMetrics Membership { get; }

    /// <summary>The log and its disk.</summary>
    public LogMetrics Log { get; }

    /// <summary>Gives the series whose labels are known beforehand their zero: a rate needs one to rise from. Once whoever adds up listens.</summary>
    public void BeginAtZero()
    {
        Tasks.BeginAtZero();
        Peers.BeginAtZero();
        Membership.BeginAtZero();
        Log.BeginAtZero();
    }

    public void ApiCall(string route, string status) => _apiCalls.Add(1, Label("method", route), Label("status", status));

    internal static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    internal static Measurement<long> Labelled(long value, string label, string name) => new(value, Label(label, name));

    private static bool IsFault(string counter) => counter.StartsWith(ConnectionFaults.Prefix, StringComparison.Ordinal);
}
