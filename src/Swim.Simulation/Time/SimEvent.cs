namespace Swim.Simulation.Time;

/// <summary>What kind of thing happens; part of the trace.</summary>
public enum EventKind : byte
{
    /// <summary>A UDP packet arrives.</summary>
    Datagram = 1,

    /// <summary>A frame of a stream between two nodes arrives.</summary>
    Frame,

    /// <summary>A push-pull request arrives, or its answer, or its failure.</summary>
    PushPull,

    /// <summary>A timer of the membership core is due.</summary>
    MembershipTimer,

    /// <summary>A timer of the state kernel is due.</summary>
    StateTimer,

    /// <summary>The state kernel hears of other members.</summary>
    Members,

    /// <summary>Records are handed to the log.</summary>
    Append,

    /// <summary>A sync of the log returns.</summary>
    Synced,

    /// <summary>An attempt ends.</summary>
    TaskEnd,

    /// <summary>A client asks, or hears an answer.</summary>
    Client,

    /// <summary>A fault begins or ends.</summary>
    Fault,

    /// <summary>A node starts.</summary>
    Start,

    /// <summary>A ping over gRPC arrives, or its answer, or its failure.</summary>
    StreamPing,
}

/// <summary>
/// One thing that happens at one moment of virtual time.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Node">The index of the node it happens to; -1 when it happens to none.</param>
/// <param name="Life">It happens only while this life lasts, and waits while it is paused; null: it happens in any case.</param>
/// <param name="Bytes">What the trace keeps of it besides time, node and kind.</param>
/// <param name="Happen">Does it.</param>
internal readonly record struct SimEvent(EventKind Kind, int Node, ProcessLife? Life, ReadOnlyMemory<byte> Bytes, Action Happen);
