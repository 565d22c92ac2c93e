using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;

namespace Swim.Simulation.Nodes;

/// <summary>Builds the two cores of a life as the real node does.</summary>
internal static class KernelFactory
{
    /// <summary>The state core.</summary>
    public static ReplicaCore Replica(NodeSetup setup, int replicas, ForgettingOptions forgetting, Prng prng) =>
        new(new ReplicaSettings(setup.Id, setup.ClusterId, replicas) { Forgetting = forgetting }, prng);

    /// <summary>The scheduling core.</summary>
    public static SchedulerCore Scheduler(NodeSetup setup) => new(setup.Meta.Slots);
}
