using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;

namespace Swim.Simulation.Nodes;

/// <summary>Builds the two cores of a life as the real node does.</summary>
internal static class KernelFactory
{
    /// <summary>R: how many home owners a bucket has.</summary>
    public const int Replicas = 3;

    /// <summary>The state core.</summary>
    public static ReplicaCore Replica(NodeSetup setup, ForgettingOptions forgetting, Prng prng) =>
        new(new ReplicaSettings(setup.Id, setup.ClusterId, Replicas) { Forgetting = forgetting }, prng);

    /// <summary>The scheduling core.</summary>
    public static SchedulerCore Scheduler(NodeSetup setup) => new(setup.Meta.Slots);
}
