namespace Swim.Simulation.Time;

/// <summary>The time between a start of a simulated node and its end. What was meant for an earlier life never happens.</summary>
internal sealed class ProcessLife
{
    /// <summary>True once the process has ended.</summary>
    public bool IsOver { get; set; }

    /// <summary>Nothing happens to the process before this virtual time: it is stopped, as by SIGSTOP.</summary>
    public long ResumesAtTicks { get; set; }
}
