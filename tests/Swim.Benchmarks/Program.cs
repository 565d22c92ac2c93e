using Swim.Benchmarks;
using Swim.Client;

// swim-bench workflow SERVER DIRECTORY COMMIT [SECONDS]; scripts/bench.sh starts the node and calls this.
if (args is not ["workflow", var server, var directory, var commit, .. var rest] || !ServerAddress.TryParse(server, out var address))
{
    await Console.Error.WriteLineAsync("usage: swim-bench workflow HOST:PORT DIRECTORY COMMIT [SECONDS]");
    return 2;
}

var seconds = rest is [var text] && double.TryParse(text, out var given) && given is > 0 and <= 600 ? given : 10;
using var client = new SwimClient(new SwimClientOptions { Servers = [address] });
var measures = await new WorkflowBenchmark(client, directory, TimeSpan.FromSeconds(seconds)).RunAsync();
Report.Write(Console.Out, "workflow", commit, measures);
return measures.All(measure => measure.IsReached) ? 0 : 1;
