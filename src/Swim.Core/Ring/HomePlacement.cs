namespace Swim.Core.Ring;

/// <summary>
/// Whom a bucket wants for home owners: the first distinct nodes of the ring walk that did not refuse it, in rounds. A round takes at most one node of
/// each zone, so copies are spread as evenly as the zones allow. Used once, while a map is built; keeps its scratch arrays between buckets.
/// </summary>
internal sealed class HomePlacement(HashRing ring, Zones zones) : IBucketWish
{
    private readonly int[] _seenInCall = new int[zones.Nodes];
    private readonly int[] _takenOfZone = new int[zones.Count];
    private readonly List<int> _passedOver = [];
    private int _call;

    /// <inheritdoc/>
    public int Choose(int bucket, ReadOnlySpan<int> refused, Span<int> chosen)
    {
        Array.Clear(_takenOfZone);
        _passedOver.Clear();
        _call++;
        foreach (var node in refused) _seenInCall[node] = _call;
        var start = ring.FirstAt(Buckets.PositionOf(bucket));
        var (taken, steps) = (0, 0);
        for (var round = 1; taken < chosen.Length && steps < ring.Length; round++)
        {
            var open = ZonesWithAtLeast(round);
            open -= TakePassedOver(round, chosen, ref taken);
            while (open > 0 && taken < chosen.Length && steps < ring.Length)
            {
                var node = ring.NodeAt(start, steps++);
                if (_seenInCall[node] == _call) continue;
                _seenInCall[node] = _call;
                if (TryTake(node, round, chosen, ref taken)) open--;
                else _passedOver.Add(node);
            }
        }

        return taken;
    }

    /// <inheritdoc/>
    public bool MayTake(int bucket, ReadOnlySpan<int> chosen, int node)
    {
        if (chosen.Contains(node)) return false;
        var copies = CopiesIn(zones.Of(node), chosen);
        return copies < zones.CopiesMin(zones.Of(node)) || (copies < zones.CopiesMax(zones.Of(node)) && EveryZoneHasItsLeast(chosen));
    }

    /// <inheritdoc/>
    public bool MayTrade(int bucket, ReadOnlySpan<int> chosen, int from, int to)
    {
        if (!chosen.Contains(from) || chosen.Contains(to)) return false;
        var (left, entered) = (zones.Of(from), zones.Of(to));
        return left == entered || (CopiesIn(left, chosen) > zones.CopiesMin(left) && CopiesIn(entered, chosen) < zones.CopiesMax(entered));
    }

    private int CopiesIn(int zone, ReadOnlySpan<int> chosen)
    {
        var copies = 0;
        foreach (var node in chosen)
        {
            if (zones.Of(node) == zone) copies++;
        }

        return copies;
    }

    private bool EveryZoneHasItsLeast(ReadOnlySpan<int> chosen)
    {
        for (var zone = 0; zone < zones.Count; zone++)
        {
            if (CopiesIn(zone, chosen) < zones.CopiesMin(zone)) return false;
        }

        return true;
    }

    private int TakePassedOver(int round, Span<int> chosen, ref int taken)
    {
        var before = taken;
        for (var i = 0; i < _passedOver.Count && taken < chosen.Length;)
        {
            if (TryTake(_passedOver[i], round, chosen, ref taken)) _passedOver.RemoveAt(i);
            else i++;
        }

        return taken - before;
    }

    private bool TryTake(int node, int round, Span<int> chosen, ref int taken)
    {
        ref var takenHere = ref _takenOfZone[zones.Of(node)];
        if (takenHere >= round) return false;
        takenHere++;
        chosen[taken++] = node;
        return true;
    }

    private int ZonesWithAtLeast(int nodes)
    {
        var count = 0;
        for (var zone = 0; zone < zones.Count; zone++)
        {
            if (zones.SizeOf(zone) >= nodes) count++;
        }

        return count;
    }
}
