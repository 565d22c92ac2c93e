using System.Globalization;
using Swim.Chaos;
using Swim.Client;

// Called by chaos/run.sh, which makes the faults:
//   swim-chaos load SERVERS HISTORY SINK RATE CONSISTENCY    submits until it is told to end
//   swim-chaos detect SERVERS NAME STATE SECONDS      how long until each server sees the member in that state
//   swim-chaos check SERVERS HISTORY SINK SECONDS SCENARIO DETECT_MS    the scorecard
//   swim-chaos owners SERVERS CARD LOOK...            the same with what `swim log inspect --buckets -o json` said of each node; 3: they differ
// SERVERS: HOST:PORT,HOST:PORT,...
switch (args)
{
    case ["load", var servers, var history, var sink, var rate, var consistency]:
        await new Workload(Servers(servers), history, sink, int.Parse(rate, CultureInfo.InvariantCulture), consistency).RunAsync();
        return 0;
    case ["detect", var servers, var name, var state, var seconds]:
        var elapsed = await Detection.OfAsync(Servers(servers), name, state, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        Console.WriteLine(elapsed is null ? "-1" : ((long)elapsed.Value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        return elapsed is null ? 1 : 0;
    case ["check", var servers, var history, var sink, var seconds, var scenario, var detectMs]:
        var checker = new SetChecker(Servers(servers), History.Read(history), sink, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        var card = await checker.CheckAsync(scenario, scenario.EndsWith("-majority", StringComparison.Ordinal), long.Parse(detectMs, CultureInfo.InvariantCulture));
        Console.WriteLine(card.ToJson());
        return card.Ok ? 0 : 1;
    case ["owners", var servers, var path, .. var looks]:
        var owners = await new OwnersCheck(Servers(servers), looks).CompareAsync();
        var total = Scorecard.Read(path).With(owners);
        Console.WriteLine(total.ToJson());
        return !owners.IsOk ? 3 : total.Ok ? 0 : 1;
    default:
        await Console.Error.WriteLineAsync("usage: chaos/run.sh SCENARIO; this program is a part of it");
        return 2;
}

static IReadOnlyList<ServerAddress> Servers(string list) =>
    [.. list.Split(',').Select(static text => ServerAddress.TryParse(text, out var address) ? address : throw new ArgumentException($"'{text}' is no HOST:PORT"))];
