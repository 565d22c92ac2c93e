using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Node.Hosting;

/// <summary>
/// One thread that feeds a core: inputs from a bounded queue, and timers when they are due. Everything a core touches happens
/// here, so cores need no locks.
/// </summary>
internal sealed class InputLoop : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Action<Now>> _inputs = new();
    private readonly PriorityQueue<NodeTimer, (long Due, long Order)> _timers = new();
    private readonly Action<Now, NodeTimer> _onTimer;
    private readonly Action<Exception> _onFatal;
    private readonly int _capacity;
    private readonly Thread _thread;
    private long _order;
    private bool _isStopping;

    public InputLoop(string name, int capacity, ThreadPriority priority, Action<Now, NodeTimer> onTimer, Action<Exception> onFatal)
    {
        (_capacity, _onTimer, _onFatal) = (capacity, onTimer, onFatal);
        _thread = new Thread(Run) { IsBackground = true, Name = name, Priority = priority };
    }

    /// <summary>Inputs that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _inputs.Count;
        }
    }

    public void Start() => _thread.Start();

    /// <summary>Queues an input; false when the queue is full or the loop has stopped, and then nothing happens.</summary>
    public bool TryPost(Action<Now> input) => Post(input, _capacity);

    /// <summary>Queues an input that must not be lost: one a core waits for, of which there are never more than it asked for.</summary>
    public bool Post(Action<Now> input) => Post(input, int.MaxValue);

    /// <summary>Calls back with <paramref name="timer"/> when it is due. Only from inputs of this loop.</summary>
    public void SetTimer(NodeTimer timer, long dueTicks) => _timers.Enqueue(timer, (dueTicks, ++_order));

    /// <summary>Ends the thread after the input at hand.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.Pulse(_gate);
        }

        if (Thread.CurrentThread != _thread && _thread.IsAlive) _thread.Join();
    }

    private bool Post(Action<Now> input, int capacity)
    {
        lock (_gate)
        {
            if (_isStopping || _inputs.Count >= capacity) return false;
            _inputs.Enqueue(input);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                RunDueTimers();
                if (!TryTake(out var input)) break;
                input?.Invoke(HostClock.Now);
            }
        }
#pragma warning disable CA1031 // A core that threw is in no known state: whatever it was must end the process.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            lock (_gate) _isStopping = true;
            _onFatal(failure);
        }
    }

    private void RunDueTimers()
    {
        while (_timers.TryPeek(out _, out var at) && at.Due <= HostClock.Now.Ticks) _onTimer(HostClock.Now, _timers.Dequeue());
    }

    // False when the loop ends; a null input when a timer is due first.
    private bool TryTake(out Action<Now>? input)
    {
        lock (_gate)
        {
            if (_inputs.Count == 0 && !_isStopping) Monitor.Wait(_gate, UntilNextTimer());
            _inputs.TryDequeue(out input);
            return !_isStopping;
        }
    }

    private int UntilNextTimer()
    {
        if (!_timers.TryPeek(out _, out var at)) return Timeout.Infinite;
        var ticks = Math.Max(0, at.Due - HostClock.Now.Ticks);
        return (int)Math.Min(int.MaxValue, (ticks + Now.TicksPerMs - 1) / Now.TicksPerMs);
    }
}
