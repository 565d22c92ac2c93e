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
