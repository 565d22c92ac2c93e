using Swim.Core.Crdt;

namespace Swim.Simulation.Checkers;

/// <summary>Which writes are gone for everybody when a node loses its disk.</summary>
internal static class LostWrites
{
    /// <summary>True when a node other than <paramref name="but"/> has seen the write; of one that is down, by the time it went.</summary>
    public static bool IsSeen(Simulator cluster, int but, int bucket, Dot dot) =>
        cluster.Nodes.Any(node => node.Index != but && node.LastReplica is { } replica && replica.Held.Any(held => held.Number == bucket && held.Context.Contains(dot)));
}
