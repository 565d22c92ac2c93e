using Swim.Core.Crdt;

namespace Swim.Simulation.Checkers;

/// <summary>Which writes are gone for everybody when a node loses its disk.</summary>
internal static class LostWrites
{
    /// <summary>True when a node that runs, other than <paramref name="but"/>, has seen the write.</summary>
    public static bool IsSeen(Simulator cluster, int but, int bucket, Dot dot) =>
        cluster.UpNodes.Any(node => node.Index != but && node.Replica!.Held.Any(held => held.Number == bucket && held.Context.Contains(dot)));
}
