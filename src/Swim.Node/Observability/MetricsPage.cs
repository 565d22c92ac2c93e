using Swim.Node.Hosting;

namespace Swim.Node.Observability;

/// <summary>The page that Prometheus scrapes: from the first moment all that the node measures, and what it is like when it is asked.</summary>
internal sealed class MetricsPage : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly NodeGauges _gauges;
    private readonly PrometheusScrape _scrape;

    /// <summary>Adds up from here on, so before anything can be counted.</summary>
    public MetricsPage(NodeMetrics metrics, Func<NodeParts?> parts, int slots)
    {
        _gauges = new NodeGauges(metrics.Meter, parts, slots);
        ProcessGauges.AddTo(metrics.Meter);
        _scrape = new PrometheusScrape(metrics.Meter);
        metrics.BeginAtZero();
    }

    /// <summary>The page as it is now. One at a time: a second would take away what the first has looked up.</summary>
    public async Task<string> WriteAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await _gauges.LookAsync().ConfigureAwait(false);
            return _scrape.Write();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scrape.Dispose();
        _turn.Dispose();
    }
}
