namespace Swim.Core.Ring;

/// <summary>
/// Chooses the home owners of buckets: the first distinct nodes of the ring walk, in rounds. A round takes at most one node of
/// each zone, so copies are spread as evenly as the zones allow, and the first owners always stand in different zones.
/// Used once, while a map is built; keeps its scratch arrays between buckets.
/// </summary>
internal sealed class HomePlacement(HashRing ring, int[] zoneOfNode, int[] zoneSizes)
{
    private readonly int[] _seenInBucket = NoBucketYet(zoneOfNode.Length);
    private readonly int[] _takenOfZone = new int[zoneSizes.Length];
    private readonly List<int> _passedOver = [];

    /// <summary>Fills <paramref name="owners"/> with node indexes for <paramref name="bucket"/>. There must be at least as many nodes.</summary>
    public void Place(int bucket, Span<int> owners)
    {
        Array.Clear(_takenOfZone);
        _passedOver.Clear();
        var start = ring.FirstAt(Buckets.PositionOf(bucket));
        var (taken, steps) = (0, 0);
        for (var round = 1; taken < owners.Length; round++)
        {
            var open = ZonesWithAtLeast(round);
            open -= TakePassedOver(round, owners, ref taken);
            while (open > 0 && taken < owners.Length)
            {
                var node = ring.NodeAt(start, steps++);
                if (_seenInBucket[node] == bucket) continue;
                _seenInBucket[node] = bucket;
                if (TryTake(node, round, owners, ref taken)) open--;
                else _passedOver.Add(node);
            }
        }
    }

    private int TakePassedOver(int round, Span<int> owners, ref int taken)
    {
        var before = taken;
        for (var i = 0; i < _passedOver.Count && taken < owners.Length;)
        {
            if (TryTake(_passedOver[i], round, owners, ref taken)) _passedOver.RemoveAt(i);
            else i++;
        }
        return taken - before;
    }

    private bool TryTake(int node, int round, Span<int> owners, ref int taken)
    {
        ref var takenHere = ref _takenOfZone[zoneOfNode[node]];
        if (takenHere >= round) return false;
        takenHere++;
        owners[taken++] = node;
        return true;
    }

    private int ZonesWithAtLeast(int nodes)
    {
        var zones = 0;
        foreach (var size in zoneSizes)
        {
            if (size >= nodes) zones++;
        }
        return zones;
    }

    private static int[] NoBucketYet(int nodes)
    {
        var seen = new int[nodes];
        Array.Fill(seen, -1);
        return seen;
    }
}
