namespace Swim.Simulation.Checkers;

/// <summary>
/// One promise, looked at from outside the nodes. A checker never changes what happens, so a run has the same trace with and without it.
/// </summary>
public interface IChecker
{
    /// <summary>The name of the promise, as the design names it.</summary>
    string Name { get; }

    /// <summary>True when the promise is for after the heal only; false when it holds at every moment.</summary>
    bool IsEventual { get; }

    /// <summary>The first thing that contradicts it, in words; null when it holds now.</summary>
    string? FindViolation(Simulator cluster);
}
