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
        _listener.SetMeasurementEventCallback<long>(static (_, value, labels, series) => ((MetricSeries)series!).Record(value, labels));
        _listener.SetMeasurementEventCallback<int>(static (_, value, labels, series) => ((MetricSeries)series!).Record(value, labels));
        _listener.SetMeasurementEventCallback<double>(static (_, value, labels, series) => ((MetricSeries)series!).Record(value, labels));
        _listener.Start();
    }

    /// <summary>All series, sorted by name. One scrape at a time: the observable instruments tell theirs in between.</summary>
    public string Write()
    {
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
}
