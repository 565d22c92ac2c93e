using System.Diagnostics.Metrics;
using Swim.Core.Storage;

namespace Swim.Node.Observability;

/// <summary>The node's log and the disk it lies on.</summary>
internal sealed class LogMetrics
{
    private static readonly KeyValuePair<string, object?> Completed = NodeMetrics.Label("result", "completed");
    private static readonly KeyValuePair<string, object?> GivenUp = NodeMetrics.Label("result", "given_up");
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _flush;
    private readonly Histogram<double> _sync;
    private readonly Counter<long> _checkpoints;
    private readonly Counter<long> _damaged;
    private readonly Counter<long> _damagedPlaces;
    private volatile bool _isFull;

    public LogMetrics(Meter meter)
    {
        _records = meter.CreateCounter<long>("swim_log_records_total", description: "Records made durable.");
        _bytes = meter.CreateCounter<long>("swim_log_written_bytes_total", description: "Bytes of records made durable.");
        _flush = meter.CreateHistogram<double>("swim_log_flush_seconds", description: "How long a batch took to write and sync.");
        _sync = meter.CreateHistogram<double>("swim_disk_sync_seconds", description: "How long the disk took to sync a file's data.");
        _checkpoints = meter.CreateCounter<long>("swim_checkpoints_total", description: "Checkpoints ended, by what became of them.");
        _damaged = meter.CreateCounter<long>("swim_damaged_buckets_total", description: "Buckets that could not be read from the disk at the start.");
        _damagedPlaces = meter.CreateCounter<long>("swim_log_damage_total", description: "Places of the log that could not be read at the start.");
        meter.CreateObservableGauge("swim_disk_full", () => _isFull ? 1 : 0, description: "1 while the disk has no room for the log.");
    }

    public void BeginAtZero()
    {
        _records.Add(0);
        _bytes.Add(0);
        _checkpoints.Add(0, Completed);
        _checkpoints.Add(0, GivenUp);
        _damaged.Add(0);
        _damagedPlaces.Add(0);
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

    /// <summary>A piece of a checkpoint was dealt with; counts where it ends one.</summary>
    public void CheckpointStep(CheckpointStep step)
    {
        if (step == Core.Storage.CheckpointStep.Completed) _checkpoints.Add(1, Completed);
        if (step == Core.Storage.CheckpointStep.GivenUp) _checkpoints.Add(1, GivenUp);
    }

    /// <summary>So many buckets of the checkpoint and places of the log could not be read.</summary>
    public void Damaged(int buckets, int places)
    {
        _damaged.Add(buckets);
        _damagedPlaces.Add(places);
    }

    public void FullChanged(bool isFull) => _isFull = isFull;
}
