using System.Diagnostics.Metrics;

namespace Swim.Node.Hosting;

/// <summary>
/// Counts the connections to the TCP ports that ended by a fault, by its kind as the server's meter names it: bytes that are no HTTP
/// (<c>invalid_request_line</c>, <c>invalid_handshake</c>, ...), too slow a sender, a reset. The server tells of them nowhere else.
/// </summary>
internal sealed class ConnectionFaults : IDisposable
{
    /// <summary>How the names of its counters begin.</summary>
    public const string Prefix = "connection_fault_";

    private const string Instrument = "kestrel.connection.duration";
    private const string FaultTag = "error.type";

    private readonly MeterListener _listener = new();
    private readonly Counters _counters;

    /// <summary>Listens to the server whose meters come from <paramref name="meters"/>, and to no other of this process.</summary>
    public ConnectionFaults(IMeterFactory meters, Counters counters)
    {
        _counters = counters;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == Instrument && ReferenceEquals(instrument.Meter.Scope, meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => OnEnd(tags));
        _listener.Start();
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void OnEnd(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name == FaultTag && value is string fault) _counters.Add(Prefix + fault);
        }
    }
}
