using Swim.Core.Primitives;

namespace Swim.Simulation.Faults;

/// <summary>Draws orders of nodes.</summary>
internal static class NodeOrder
{
    /// <summary>The indexes of all nodes in any order.</summary>
    public static int[] Order(this Prng prng, int nodes)
    {
        var order = Enumerable.Range(0, nodes).ToArray();
        prng.Shuffle(order);
        return order;
    }
}
