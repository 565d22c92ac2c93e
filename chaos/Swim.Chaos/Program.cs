using System.Globalization;
using Swim.Chaos;
using Swim.Client;

// Called by chaos/run.sh, which makes the faults:
//   swim-chaos load SERVERS HISTORY SINK RATE         submits until it is told to end
//   swim-chaos detect SERVERS NAME STATE SECONDS      how long until each server sees the member in that state
//   swim-chaos check SERVERS HISTORY SINK SECONDS SCENARIO DETECT_MS    the scorecard
// SERVERS: HOST:PORT,HOST:PORT,...
switch (args)
{
    case ["load", var servers, var history, var sink, var rate]:
        await new Workload(Servers(servers), history, sink, int.Parse(rate, CultureInfo.InvariantCulture)).RunAsync();
        return 0;
    case ["detect", var servers, var name, var state, var seconds]:
        var elapsed = await Detection.OfAsync(Servers(servers), name, state, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        Console.WriteLine(elapsed is null ? "-1" : ((long)elapsed.Value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        return elapsed is null ? 1 : 0;
    case ["check", var servers, var history, var sink, var seconds, var scenario, var detectMs]:
        var checker = new SetChecker(Servers(servers), History.Read(history), sink, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        var card = await checker.CheckAsync(scenario, long.Parse(detectMs, CultureInfo.InvariantCulture));
        Console.WriteLine(card.ToJson());
        return card.IsOk ? 0 : 1;
    default:
        await Console.Error.WriteLineAsync("usage: chaos/run.sh SCENARIO; this program is a part of it");
        return 2;
}

static IReadOnlyList<ServerAddress> Servers(string list) =>
    [.. list.Split(',').Select(static text => ServerAddress.TryParse(text, out var address) ? address : throw new ArgumentException($"'{text}' is no HOST:PORT"))];
