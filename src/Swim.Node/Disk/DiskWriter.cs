using System.Diagnostics;
using Swim.Core.Primitives;
using Swim.Core.Storage;

namespace Swim.Node.Disk;

/// <summary>
/// The one thread that writes a <see cref="CellLog"/>. It takes all that was appended while the last sync ran and makes that durable
/// with the next one: group commit without a timer (DeWitt et al. 1984). Any thread may append; the order of the positions is the
/// order in the log. Between batches it writes pieces of checkpoints. Owns the log.
/// </summary>
public sealed class DiskWriter : IDisposable
{
    private readonly object _gate = new();
    private readonly CellLog _log;
    private readonly DiskWriterOptions _options;
    private readonly DiskEvents _events;
    private readonly Thread _thread;

    // Guarded by the gate.
    private List<(ReadOnlyMemory<byte> Record, TouchedBuckets Buckets)> _queue = [];
    private long _queuedBytes;
    private long _position;
    private bool _isStopping;
    private Exception? _failure;
    private CheckpointPiece? _piece;

    // The writer thread's own.
    private List<(ReadOnlyMemory<byte> Record, TouchedBuckets Buckets)> _batch = [];
    private bool _isFull;
    private CheckpointPiece? _pieceInHand;
    private bool _isCheckpointAsked;

    private long _logBytes;
    private long _checkpointBytes;

    /// <summary>Starts the thread. <paramref name="log"/> is this writer's alone from now on.</summary>
    public DiskWriter(CellLog log, DiskWriterOptions options, DiskEvents events)
    {
        Invariant.Holds(!options.Validate().Any(), "the options of a writer are validated before it starts");
        (_log, _options, _events, _position) = (log, options, events, log.Position);
        (_logBytes, _checkpointBytes) = (log.Bytes, log.CheckpointBytes);
        _thread = new Thread(Run) { IsBackground = true, Name = "swim-disk" };
        _thread.Start();
    }

    /// <summary>Bytes of the log that are in use, as of the last batch.</summary>
    public long LogBytes => Volatile.Read(ref _logBytes);

    /// <summary>Bytes of the newest checkpoint.</summary>
    public long CheckpointBytes => Volatile.Read(ref _checkpointBytes);

    /// <summary>True when the queue is more than half full: time to refuse new work.</summary>
    public bool IsCongested
    {
        get
        {
            lock (_gate) return _queue.Count > _options.QueueRecordsMax / 2 || _queuedBytes > _options.QueueBytesMax / 2;
        }
    }

    /// <summary>
    /// Takes a record, which must not be changed any more, and gives its position. Waits while the queue is full.
    /// Throws <see cref="DiskWriterStoppedException"/> once the writer failed or is being disposed of.
    /// </summary>
    public long Append(ReadOnlyMemory<byte> record) => Append(record, TouchedBuckets.Every);

    /// <summary>As above, with the buckets that the record tells of.</summary>
    public long Append(ReadOnlyMemory<byte> record, TouchedBuckets buckets)
    {
        Invariant.Holds(record.Length <= CellLog.RecordBytesMax, "a record is no longer than the cap");
        lock (_gate)
        {
            while (_failure is null && !_isStopping && !HasRoom(record.Length)) Monitor.Wait(_gate);
            if (_failure is not null || _isStopping) throw new DiskWriterStoppedException(_failure);
            _queue.Add((record, buckets));
            _queuedBytes += record.Length;
            if (_queue.Count == 1) Monitor.PulseAll(_gate);
            return ++_position;
        }
    }

    /// <summary>
    /// Takes a piece of a checkpoint, to be written after all that was appended; one at a time. Dropped when the writer stops first.
    /// </summary>
    public void Write(CheckpointPiece piece)
    {
        lock (_gate)
        {
            Invariant.Holds(_piece is null, "one piece of a checkpoint waits at a time");
            _piece = piece;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Makes durable all that was appended, then stops the thread and closes the log. On a full disk what waits is given up.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }
        if (Thread.CurrentThread != _thread) _thread.Join();
        _log.Dispose();
    }

    private bool HasRoom(int bytes) =>
        _queue.Count == 0 || (_queue.Count < _options.QueueRecordsMax && _queuedBytes + bytes <= _options.QueueBytesMax);

    private void Run()
    {
        try
        {
            while (TakeBatch() && Persist()) WritePiece();
        }
#pragma warning disable CA1031 // Whatever ends this thread must end the process: the host would wait for OnPersisted for ever.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _failure = failure;
                Monitor.PulseAll(_gate);
            }
            _events.OnFatal(failure);
        }
    }

    // Waits for records or a piece and takes all there are; false when the writer stops and none are left.
    private bool TakeBatch()
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && _piece is null && !_isStopping) Monitor.Wait(_gate);
            _batch.Clear();
            (_batch, _queue) = (_queue, _batch);
            _queuedBytes = 0;
            // Not at the end: it holds up whoever waits for the node to stop.
            (_pieceInHand, _piece) = (_isStopping ? null : _piece, null);
            Monitor.PulseAll(_gate);
            return _batch.Count > 0 || _pieceInHand is not null;
        }
    }

    // False when the writer was told to stop while the disk was full: what follows must not take the position of what is missing.
    private bool Persist()
    {
        if (_batch.Count == 0) return true;
        var next = 0;
        var started = Stopwatch.GetTimestamp();
        var isDone = DoOnceThereIsSpace(() =>
        {
            for (; next < _batch.Count; next++) _log.Append(_batch[next].Record.Span, _batch[next].Buckets);
            _log.Flush();
        });
        Volatile.Write(ref _logBytes, _log.Bytes);
        if (!isDone) return false;
        _events.OnPersisted(_log.DurablePosition);
        _events.OnFlushed?.Invoke(_batch.Count, _batch.Sum(static item => (long)item.Record.Length), Stopwatch.GetElapsedTime(started));
        _log.Prepare();
        AskForCheckpoint();
        return true;
    }

    private void AskForCheckpoint()
    {
        if (_isCheckpointAsked || _events.OnCheckpointDue is null || !_log.IsCheckpointDue) return;
        _isCheckpointAsked = true;
        _events.OnCheckpointDue();
    }

    // The records that it may tell of were taken with it or before it, so they are durable.
    private void WritePiece()
    {
        if (_pieceInHand is null) return;
        var step = _log.Write(_pieceInHand);
        _pieceInHand = null;
        if (step != CheckpointStep.Written) _isCheckpointAsked = false;
        Volatile.Write(ref _logBytes, _log.Bytes);
        Volatile.Write(ref _checkpointBytes, _log.CheckpointBytes);
        _events.OnPieceWritten?.Invoke(step);
    }

    private bool DoOnceThereIsSpace(Action write)
    {
        while (true)
        {
            try
            {
                write();
                SetFull(false);
                return true;
            }
            catch (DiskFullException)
            {
                SetFull(true);
                if (!WaitToRetry()) return false;
            }
        }
    }

    private void SetFull(bool isFull)
    {
        if (_isFull == isFull) return;
        _isFull = isFull;
        _events.OnFullChanged(isFull);
    }

    // False when the writer is to stop instead.
    private bool WaitToRetry()
    {
        lock (_gate)
        {
            if (!_isStopping) Monitor.Wait(_gate, _options.FullRetryInterval);
            return !_isStopping;
        }
    }
}

/// <summary>A record was not taken because the writer has stopped; the inner exception says why, where it failed.</summary>
public sealed class DiskWriterStoppedException(Exception? failure) : InvalidOperationException("The disk writer has stopped.", failure);
