using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Swim.Node.Configuration;
using Swim.Node.Observability;
using Xunit;

namespace Swim.Node.Tests.Observability;

/// <summary>What a scraper of a live node sees.</summary>
public sealed partial class MetricsEndpointTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("swim-metrics-");
    private HttpClient _http = null!;
    private NodeHost _node = null!;

    public async Task InitializeAsync()
    {
        _node = await NodeHost.StartAsync(new NodeOptions { DataDirectory = _directory.FullName, GrpcPort = 0, HttpPort = 0, UdpPort = 0, LogLevel = LogLevel.Warning });
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_node.HttpPort}") };
    }

    public async Task DisposeAsync()
    {
        await _node.StopAsync();
        _directory.Delete(recursive: true);
    }

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Every_line_is_of_the_text_format()
    {
        using var answer = await _http.GetAsync("/metrics");
        Assert.Equal(PrometheusScrape.ContentType, answer.Content.Headers.ContentType!.ToString());
        var lines = (await answer.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');
        Assert.True(lines.Length > 40);
        Assert.All(lines, static line => Assert.Matches(TextFormat(), line));
    }

    [Fact]
    public async Task The_metrics_and_the_table_of_the_operations_manual_name_the_same_with_the_same_kinds()
    {
        var served = Types().Matches(await _http.GetStringAsync("/metrics")).Select(static match => $"{match.Groups[1].Value} {match.Groups[2].Value}").Order();
        Assert.Equal((await RowsAsync()).Select(static row => $"{row.Name} {row.Kind}").Order(), served);
    }

    [Fact]
    public async Task Series_have_the_labels_that_the_manual_says()
    {
        await UntilReadyAsync();
        var labels = (await RowsAsync()).ToDictionary(static row => row.Name, static row => row.Labels);
        var series = Series().Matches(await _http.GetStringAsync("/metrics")).Select(static match => (
            Name: HistogramEnd().Replace(match.Groups[1].Value, ""),
            Labels: string.Join(',', LabelNames().Matches(match.Groups[2].Value).Select(static label => label.Groups[1].Value).Where(static label => label != "le")))).ToList();
        Assert.True(series.Count > 60);
        Assert.All(series, one => Assert.Equal($"{one.Name} {labels[one.Name]}", $"{one.Name} {one.Labels}"));
    }

    [Fact]
    public async Task A_node_alone_sees_itself_and_counts_what_it_was_asked()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await UntilReadyAsync();
        (await _http.GetAsync("/livez")).Dispose();
        string text;
        // A call is counted once it has ended, which its caller may see first.
        do text = await _http.GetStringAsync("/metrics", patience.Token);
        while (!text.Contains("swim_api_calls_total{method=\"/livez\",status=\"200\"} 1\n", StringComparison.Ordinal));
        Assert.Contains("swim_members{state=\"Alive\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("swim_ready 1\n", text, StringComparison.Ordinal);
        Assert.Contains("swim_workflows 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrapes_at_once_each_get_the_whole_page()
    {
        await UntilReadyAsync();
        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _http.GetStringAsync("/metrics")));
        Assert.All(pages, static page => Assert.Contains("\nswim_workflows 0\n", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Paths_that_are_not_there_make_one_series()
    {
        for (var i = 0; i < 5; i++) (await _http.GetAsync($"/nothing/{i}")).Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string text;
        do text = await _http.GetStringAsync("/metrics", patience.Token);
        while (!text.Contains("status=\"404\"} 5\n", StringComparison.Ordinal));
        Assert.DoesNotContain("/nothing", text, StringComparison.Ordinal);
    }

    private async Task UntilReadyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!_node.IsReady) await Task.Delay(20, patience.Token);
    }

    private static async Task<List<(string Name, string Labels, string Kind)>> RowsAsync() =>
        [.. TableRows().Matches(await File.ReadAllTextAsync(ManualPath())).Select(static row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value))];

    private static string ManualPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Swim.Orchestrator.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "docs", "OPERATIONS.md");
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [0-9.E+-]+)$""")]
    private static partial Regex TextFormat();

    [GeneratedRegex("^# TYPE ([a-z_]+) ([a-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Types();

    [GeneratedRegex("^([a-z_]+)(?:\\{(.*)\\})? ", RegexOptions.Multiline)]
    private static partial Regex Series();

    [GeneratedRegex("([a-z]+)=\"")]
    private static partial Regex LabelNames();

    [GeneratedRegex("(?<=_seconds)_(bucket|sum|count)$")]
    private static partial Regex HistogramEnd();

    [GeneratedRegex("""^\| `((?:swim|process|dotnet)_[a-z_]+)(?:\{([a-z,]+)\})?` \| (gauge|counter|histogram) \|""", RegexOptions.Multiline)]
    private static partial Regex TableRows();
}
