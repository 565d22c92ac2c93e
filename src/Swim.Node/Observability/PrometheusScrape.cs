using System.Diagnostics.Metrics;
using System.Text;

namespace Swim.Node.Observability;

/// <summary>
/// Adds up what the instruments of one meter measure and writes it as the Prometheus text format 0.0.4. Made before the first
/// measurement, or that is missed.
/// </summary>
internal sealed class PrometheusScrape : IDisposable
{
    /// <summary>The content type of <see cref="Write"/>.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricSeries> _metrics = new(StringComparer.Ordinal);

    public PrometheusScrape(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter)) return;
            var series = new MetricSeries(instrument);
            lock (_gate) _metrics[instrument.Name] = series;
            listener.EnableMeasurementEvents(instrument, series);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, series) => Record(series, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, series) => Record(series, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, series) => Record(series, value, tags));
        _listener.Start();
    }

    /// <summary>All series, sorted by name.</summary>
    public string Write()
    {
        // The observable instruments call back on this thread, which may enter its own lock again.
        lock (_gate)
        {
            foreach (var series in _metrics.Values) series.Refresh();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var series in _metrics.Values) series.Write(text);
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Record(object? series, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (_gate) ((MetricSeries)series!).Record(labels, value);
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0) return "";
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(name).Append("=\"").Append(Escape(value?.ToString() ?? "")).Append('"');
        }
        return text.ToString();
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
