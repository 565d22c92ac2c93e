using Swim.Core.Replication;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// A run in three parts: start and faults, heal, and a time within which every promise for after the heal must come to hold.
/// </summary>
public sealed record ScenarioPlan
{
    /// <summary>All nodes start within this time; some may be later by a fault.</summary>
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So many nodes, the first ones, which all others have as seeds, do not start until <see cref="HealAt"/>. Default none.</summary>
    public int SeedsMissing { get; init; }

    /// <summary>R on every node. Default 3.</summary>
    public int Replicas { get; init; } = 3;

    /// <summary>So many nodes, the last ones, start with a fault or the heal only: they join later. Default none.</summary>
    public int Joining { get; init; }

    /// <summary>How far the wall clocks of two nodes may be apart, beside the small skew that every node has. Default not at all.</summary>
    public TimeSpan ClocksApart { get; init; }

    /// <summary>What goes wrong.</summary>
    public FaultPlan Faults { get; init; } = new();

    /// <summary>True: some frames come a second time, up to minutes later. Default false.</summary>
    public bool LateFrames { get; init; }

    /// <summary>What clients ask; null for nothing.</summary>
    public WorkloadPlan? Work { get; init; }

    /// <summary>How long workflows are kept; by default longer than any run.</summary>
    public ForgettingOptions Forgetting { get; init; } = new();

    /// <summary>When the faults end; <see cref="HealsNothing"/> leaves those that are down.</summary>
    public TimeSpan HealAt { get; init; }

    /// <summary>True: what crashed stays down, which is what is looked at.</summary>
    public bool HealsNothing { get; init; }

    /// <summary>How often watchers look, in virtual time. Default a quarter of a second.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long after the heal everything may take.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>The promises that are checked; given the workload, if there is one.</summary>
    public required Func<Workload?, IReadOnlyList<IChecker>> Checkers { get; init; }
}
