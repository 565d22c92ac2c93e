namespace Swim.Simulation.Membership;

/// <summary>What the nodes of a fleet sent, in each second of virtual time. Counts only while it is asked to.</summary>
internal sealed class FleetTraffic(int nodes)
{
    private readonly List<int[]> _bytesBySecond = [];
    private readonly long[] _messages = new long[nodes];
    private long _fromTicks = long.MaxValue;

    /// <summary>Messages lost, in the whole run.</summary>
    public long Lost { get; set; }

    /// <summary>Messages sent while it counted.</summary>
    public long Messages => _messages.Sum();

    /// <summary>Bytes sent while it counted.</summary>
    public double Bytes => _bytesBySecond.Sum(static second => second.Sum(static bytes => (double)bytes));

    /// <summary>Begins to count, at that time; what was counted is forgotten.</summary>
    public void Begin(long ticks)
    {
        _fromTicks = ticks;
        _bytesBySecond.Clear();
        Array.Clear(_messages);
    }

    /// <summary>Counts one message.</summary>
    public void Add(long ticks, int node, int bytes)
    {
        if (ticks < _fromTicks) return;
        var second = (int)((ticks - _fromTicks) / TimeSpan.TicksPerSecond);
        while (_bytesBySecond.Count <= second) _bytesBySecond.Add(new int[nodes]);
        _bytesBySecond[second][node] += bytes;
        _messages[node]++;
    }

    /// <summary>Figures up to that time: messages and kilobytes (1,000 bytes) for each node and second. The 99th percentile and the maximum are of single nodes in single seconds.</summary>
    public (double MessagesMean, double KilobytesMean, double KilobytesP99, double KilobytesMax) Rates(long ticks)
    {
        var seconds = Math.Max(1, (ticks - _fromTicks) / (double)TimeSpan.TicksPerSecond);
        var cells = _bytesBySecond.SelectMany(static second => second).Select(static bytes => (double)bytes).ToList();
        return cells.Count == 0 ? default : (
            Messages / seconds / nodes, cells.Sum() / seconds / nodes / 1000, Quantile.Of(cells, 0.99) / 1000, cells.Max() / 1000);
    }
}

/// <summary>Quantiles of samples.</summary>
internal static class Quantile
{
    /// <summary>The smallest sample that at least <paramref name="share"/> of all do not exceed; 0 without samples.</summary>
    public static double Of(IEnumerable<double> samples, double share)
    {
        var sorted = samples.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
