using Swim.Core.Hosting;
using Swim.Simulation.Time;

namespace Swim.Simulation.Membership;

/// <summary>What can happen to one of very many nodes.</summary>
internal enum FleetEventKind : byte
{
    /// <summary>A packet arrives.</summary>
    Datagram = 1,

    /// <summary>A push-pull request arrives.</summary>
    Request,

    /// <summary>The answer to one arrives.</summary>
    Reply,

    /// <summary>One failed.</summary>
    Failed,

    /// <summary>A timer is due.</summary>
    Timer,
}

/// <summary>
/// One event: a value without a closure, since a run holds and handles millions.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="To">The node it happens to.</param>
/// <param name="Life">Which life of that node it is meant for; any when -1.</param>
/// <param name="From">Who sent it, or whom the call that failed went to; -1 when nobody did.</param>
/// <param name="CallerLife">For a request: which life of the sender waits for the answer.</param>
/// <param name="Timer">For a timer: which.</param>
/// <param name="Bytes">For a message: its bytes.</param>
internal readonly record struct FleetEvent(
    FleetEventKind Kind, int To, int Life, int From, int CallerLife, NodeTimer Timer, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>How it stands in the trace.</summary>
    public EventKind TraceKind => Kind switch
    {
        FleetEventKind.Datagram => EventKind.Datagram,
        FleetEventKind.Timer => EventKind.MembershipTimer,
        _ => EventKind.PushPull,
    };
}

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
