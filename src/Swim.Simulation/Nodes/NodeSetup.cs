using System.Globalization;
using Swim.Core.Membership;
using Swim.Core.Primitives;

namespace Swim.Simulation.Nodes;

/// <summary>What does not change about a simulated node, drawn from (run seed, index).</summary>
/// <param name="Index">Its place in the run.</param>
/// <param name="Id">Its identity.</param>
/// <param name="Meta">What it says of itself.</param>
/// <param name="Seeds">Whom it asks to join.</param>
/// <param name="ClusterId">The cluster it belongs to.</param>
/// <param name="WallSkew">How far its wall clock is off.</param>
/// <param name="SyncMin">Shortest sync of its disk.</param>
/// <param name="SyncMax">Longest sync of its disk.</param>
internal sealed record NodeSetup(
    int Index, NodeId Id, MemberMeta Meta, IReadOnlyList<string> Seeds, ulong ClusterId, TimeSpan WallSkew, TimeSpan SyncMin, TimeSpan SyncMax)
{
    /// <summary>The id of the one cluster there is in a run.</summary>
    public static readonly ulong Cluster = StableHash.Of("simulated");

    /// <summary>How many nodes, the first ones, are the seeds of all others.</summary>
    public const int SeedNodes = 3;

    private const int GrpcPort = 7400;
    private static readonly TimeSpan SkewMax = TimeSpan.FromMilliseconds(50);

    /// <summary>The setup of node <paramref name="index"/> of a run of <paramref name="nodes"/>.</summary>
    public static NodeSetup Draw(ulong runSeed, int index, int nodes)
    {
        var prng = new Prng(StableHash.Of(runSeed, (ulong)index, seed: 1));
        var id = new NodeId(prng.NextUInt64() | 1);
        var zone = nodes < 6 ? "" : $"zone-{index % 3}";
        var meta = new MemberMeta($"n{index}", HostOf(index), GrpcPort, 7401, 7402, zone, 2 + prng.Next(7));
        var seeds = Enumerable.Range(0, Math.Min(SeedNodes, nodes)).Where(seed => seed != index || nodes == 1)
            .Select(seed => $"{HostOf(seed)}:{GrpcPort}").ToArray();
        var syncMax = prng.Chance(100) ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromMilliseconds(2);
        return new NodeSetup(
            index, id, meta, nodes == 1 ? [] : seeds, Cluster, prng.Between(-SkewMax, SkewMax), TimeSpan.FromMilliseconds(0.1), syncMax);
    }

    /// <summary>The node that has this address; -1 when nobody has.</summary>
    public static int IndexOf(string address)
    {
        var parts = address.Split(':')[0].Split('.');
        return parts.Length == 4
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var low)
            ? (high * 256) + low
            : -1;
    }

    private static string HostOf(int index) => string.Create(CultureInfo.InvariantCulture, $"10.0.{index / 256}.{index % 256}");
}
