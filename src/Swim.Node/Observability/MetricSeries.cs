using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Swim.Core.Primitives;

namespace Swim.Node.Observability;

/// <summary>All series of one instrument, which has two labels at most. From any thread.</summary>
internal sealed class MetricSeries(Instrument instrument)
{
    /// <summary>Series of one instrument; more are left out, for a label that grows must not fill the memory.</summary>
    public const int SeriesMax = 256;

    private const int LabelsMax = 2;
    private static readonly double[] Bounds = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60];
    private readonly bool _isHistogram = instrument.GetType().GetGenericTypeDefinition() == typeof(Histogram<>);
    private readonly bool _isSum = instrument.GetType().GetGenericTypeDefinition() == typeof(Counter<>);
    private readonly Lock _gate = new();

    // By the values of the labels, so that their text is made once; an instrument always gives its labels in the same order.
    private readonly Dictionary<(string First, string Second), double[]> _cells = [];
    private readonly SortedDictionary<string, double[]> _texts = new(StringComparer.Ordinal);

    /// <summary>Takes in one measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        Invariant.Holds(labels.Length <= LabelsMax, "a metric has two labels at most");
        var key = (ValueOf(labels, 0), ValueOf(labels, 1));
        lock (_gate)
        {
            if (!_cells.TryGetValue(key, out var cells))
            {
                if (_cells.Count >= SeriesMax) return;
                // Of a histogram: a count for each bound, then the count of all, then their sum.
                _cells[key] = _texts[TextOf(labels)] = cells = new double[_isHistogram ? Bounds.Length + 2 : 1];
            }

            if (_isHistogram) Observe(cells, value);
            else cells[0] = _isSum ? cells[0] + value : value;
        }
    }

    /// <summary>Forgets what an observable instrument told last time, so that a value it no longer tells is not told again.</summary>
    public void Refresh()
    {
        if (!instrument.IsObservable) return;
        lock (_gate)
        {
            _cells.Clear();
            _texts.Clear();
        }
    }

    /// <summary>Writes them as the text format does, ordered by their labels.</summary>
    public void Write(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {instrument.Name} {instrument.Description}\n# TYPE {instrument.Name} {Kind}\n");
        lock (_gate)
        {
            foreach (var (labels, cells) in _texts)
            {
                if (_isHistogram) WriteHistogram(text, labels, cells);
                else Line(text, instrument.Name, labels, cells[0]);
            }
        }
    }

    private string Kind => _isHistogram ? "histogram"
        : _isSum || instrument.GetType().GetGenericTypeDefinition() == typeof(ObservableCounter<>) ? "counter" : "gauge";

    private static string ValueOf(ReadOnlySpan<KeyValuePair<string, object?>> labels, int index) =>
        index < labels.Length ? labels[index].Value?.ToString() ?? "" : "";

    private static string TextOf(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(name).Append("=\"").Append(Escape(value?.ToString() ?? "")).Append('"');
        }

        return text.ToString();
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Observe(double[] cells, double value)
    {
        for (var i = 0; i < Bounds.Length; i++)
        {
            if (value <= Bounds[i]) cells[i]++;
        }

        cells[^2]++;
        cells[^1] += value;
    }

    private void WriteHistogram(StringBuilder text, string labels, double[] cells)
    {
        var before = labels.Length == 0 ? "" : labels + ",";
        for (var i = 0; i < Bounds.Length; i++) Line(text, instrument.Name + "_bucket", string.Create(CultureInfo.InvariantCulture, $"{before}le=\"{Bounds[i]}\""), cells[i]);
        Line(text, instrument.Name + "_bucket", before + "le=\"+Inf\"", cells[^2]);
        Line(text, instrument.Name + "_sum", labels, cells[^1]);
        Line(text, instrument.Name + "_count", labels, cells[^2]);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
