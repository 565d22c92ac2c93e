namespace Swim.Simulation.Membership;

/// <summary>What is to happen, in the order of (due time, order of scheduling).</summary>
internal sealed class FleetQueue
{
    private readonly PriorityQueue<FleetEvent, (long Due, long Sequence)> _events = new(new ByDueThenSequence());
    private long _sequence;

    /// <summary>Lets <paramref name="what"/> happen at <paramref name="dueTicks"/>.</summary>
    public void Add(long dueTicks, in FleetEvent what) => _events.Enqueue(what, (dueTicks, _sequence++));

    /// <summary>Takes out the next event that is due up to <paramref name="ticks"/>; false when there is none.</summary>
    public bool TryTake(long ticks, out FleetEvent what, out long dueTicks)
    {
        var isDue = _events.TryPeek(out what, out var next) && next.Due <= ticks;
        dueTicks = next.Due;
        if (isDue) _events.Dequeue();
        return isDue;
    }

    private sealed class ByDueThenSequence : IComparer<(long Due, long Sequence)>
    {
        public int Compare((long Due, long Sequence) x, (long Due, long Sequence) y) =>
            x.Due != y.Due ? x.Due.CompareTo(y.Due) : x.Sequence.CompareTo(y.Sequence);
    }
}
