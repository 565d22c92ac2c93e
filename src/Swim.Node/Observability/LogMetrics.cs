using System.Diagnostics.Metrics;

namespace Swim.Node.Observability;

/// <summary>The node's log and the disk it lies on.</summary>
internal sealed class LogMetrics
{
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _flush;
    private readonly Histogram<double> _sync;
    private volatile bool _isFull;

    public LogMetrics(Meter meter)
    {
        _records = meter.CreateCounter<long>("swim_log_records_total", description: "Records made durable.");
        _bytes = meter.CreateCounter<long>("swim_log_written_bytes_total", description: "Bytes of records made durable.");
        _flush = meter.CreateHistogram<double>("swim_log_flush_seconds", description: "How long a batch took to write and sync.");
        _sync = meter.CreateHistogram<double>("swim_disk_sync_seconds", description: "How long the disk took to sync a file's data.");
        meter.CreateObservableGauge("swim_disk_full", () => _isFull ? 1 : 0, description: "1 while the disk has no room for the log.");
    }

    public void BeginAtZero()
    {
        _records.Add(0);
        _bytes.Add(0);
    }

    /// <summary>A batch became durable.</summary>
    public void Flushed(int records, long bytes, TimeSpan took)
    {
        _records.Add(records);
        _bytes.Add(bytes);
        _flush.Record(took.TotalSeconds);
    }

    /// <summary>A file's data was synced.</summary>
    public void Synced(TimeSpan took) => _sync.Record(took.TotalSeconds);

    public void FullChanged(bool isFull) => _isFull = isFull;
}
