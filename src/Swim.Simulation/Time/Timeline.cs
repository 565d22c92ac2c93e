namespace Swim.Simulation.Time;

/// <summary>
/// Virtual time: what is to happen, in the order of (due time, order of scheduling), and a trace of what happened. Nothing here
/// reads a clock, so a run is a pure function of what is scheduled.
/// </summary>
public sealed class Timeline
{
    private readonly PriorityQueue<SimEvent, (long Due, long Sequence)> _events = new(new ByDueThenSequence());
    private long _sequence;

    /// <summary>Virtual time in units of 100 ns since the start of the run.</summary>
    public long Ticks { get; private set; }

    /// <summary>Everything that happened so far, as a hash.</summary>
    public TraceHash Trace { get; } = new();

    /// <summary>Called with each event before it happens; for people who look for a fault.</summary>
    internal Action<long, SimEvent>? Watch { get; set; }

    /// <summary>Lets <paramref name="what"/> happen after <paramref name="delay"/>, which is not negative.</summary>
    internal void After(TimeSpan delay, SimEvent what) => At(Ticks + delay.Ticks, what);

    /// <summary>Lets <paramref name="what"/> happen at <paramref name="dueTicks"/>, or now where that is past.</summary>
    internal void At(long dueTicks, SimEvent what) => _events.Enqueue(what, (Math.Max(dueTicks, Ticks), _sequence++));

    /// <summary>Lets everything happen that is due up to <paramref name="ticks"/>; then it is that time.</summary>
    public void RunUntil(long ticks)
    {
        while (_events.TryPeek(out _, out var next) && next.Due <= ticks)
        {
            Ticks = next.Due;
            Happen(_events.Dequeue());
        }

        Ticks = Math.Max(Ticks, ticks);
    }

    private void Happen(in SimEvent what)
    {
        if (what.Life is { IsOver: true }) return;
        if (what.Life is { } life && life.ResumesAtTicks > Ticks)
        {
            // Those that wait are dequeued in order and so keep their order.
            At(life.ResumesAtTicks, what);
            return;
        }

        Trace.Add(Ticks, what.Node, what.Kind, what.Bytes.Span);
        Watch?.Invoke(Ticks, what);
        what.Happen();
    }

    // The default comparer of a tuple goes through two virtual comparers for each comparison.
    private sealed class ByDueThenSequence : IComparer<(long Due, long Sequence)>
    {
        public int Compare((long Due, long Sequence) x, (long Due, long Sequence) y) =>
            x.Due != y.Due ? x.Due.CompareTo(y.Due) : x.Sequence.CompareTo(y.Sequence);
    }
}
