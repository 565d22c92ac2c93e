using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Swim.Core.Scheduling;
using Swim.Node.Hosting;
using Swim.Node.Observability;
using Xunit;

namespace Swim.Node.Tests.Observability;

/// <summary>What is measured is what is written.</summary>
public sealed class PrometheusScrapeTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Counters _counters = new();
    private readonly NodeMetrics _metrics;
    private readonly PrometheusScrape _scrape;

    public PrometheusScrapeTests()
    {
        _metrics = new NodeMetrics(_services.GetRequiredService<IMeterFactory>(), _counters);
        _scrape = new PrometheusScrape(_metrics.Meter);
    }

    private string[] Lines => _scrape.Write().Split('\n');

    public void Dispose()
    {
        _scrape.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Counts_add_up_over_scrapes()
    {
        _metrics.TaskStarted();
        Assert.Contains("swim_tasks_started_total 1", Lines);
        _metrics.TaskStarted();
        Assert.Contains("swim_tasks_started_total 2", Lines);
    }

    [Fact]
    public void A_duration_is_in_every_bucket_from_its_own_up()
    {
        _metrics.TaskEnded(AttemptOutcomeKind.Failed, TimeSpan.FromSeconds(0.25));
        _metrics.TaskEnded(AttemptOutcomeKind.Failed, TimeSpan.FromSeconds(100));
        var lines = Lines;
        Assert.Contains("# TYPE swim_task_duration_seconds histogram", lines);
        Assert.Contains("swim_task_duration_seconds_bucket{outcome=\"failed\",le=\"0.1\"} 0", lines);
        Assert.Contains("swim_task_duration_seconds_bucket{outcome=\"failed\",le=\"0.25\"} 1", lines);
        Assert.Contains("swim_task_duration_seconds_bucket{outcome=\"failed\",le=\"60\"} 1", lines);
        Assert.Contains("swim_task_duration_seconds_bucket{outcome=\"failed\",le=\"+Inf\"} 2", lines);
        Assert.Contains("swim_task_duration_seconds_sum{outcome=\"failed\"} 100.25", lines);
        Assert.Contains("swim_task_duration_seconds_count{outcome=\"failed\"} 2", lines);
    }

    [Fact]
    public void Counters_of_the_node_are_told_once_each()
    {
        _counters.Add("peer_frames_dropped", 3);
        _ = Lines;
        Assert.Single(Lines, "swim_events_total{event=\"peer_frames_dropped\"} 3");
    }

    [Fact]
    public void A_label_cannot_break_its_line()
    {
        _metrics.ApiCall("a\"b\\c\nd", "200");
        Assert.Contains("swim_api_calls_total{method=\"a\\\"b\\\\c\\nd\",status=\"200\"} 1", Lines);
    }

    [Fact]
    public void A_label_that_grows_is_cut_off()
    {
        for (var i = 0; i < MetricSeries.SeriesMax + 50; i++) _metrics.ApiCall($"route {i}", "200");
        Assert.Equal(MetricSeries.SeriesMax, Lines.Count(static line => line.StartsWith("swim_api_calls_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public void Two_nodes_of_one_process_count_apart()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        new NodeMetrics(others.GetRequiredService<IMeterFactory>(), new Counters()).TaskStarted();
        Assert.DoesNotContain("swim_tasks_started_total 1", Lines);
    }
}
