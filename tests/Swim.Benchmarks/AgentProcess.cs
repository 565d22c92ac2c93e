using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Swim.Benchmarks;

/// <summary>One member as a process of its own; reads its words as they come.</summary>
internal sealed class AgentProcess : IDisposable
{
    // USER_HZ, which is 100 on every Linux there is.
    private const double TicksPerSecond = 100;

    private readonly AgentKind _kind;
    private readonly Process _process;
    private readonly ConcurrentDictionary<string, long> _joined = new();
    private readonly ConcurrentDictionary<string, long> _failed = new();
    private readonly ConcurrentQueue<string> _lastWords = new();
    private volatile string? _address;

    /// <summary>Starts it.</summary>
    public AgentProcess(AgentKind kind, string name, string? join, string data)
    {
        (_kind, Name) = (kind, name);
        var command = kind.Command(name, join, data);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        StartedTicks = Stopwatch.GetTimestamp();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>As the others call it.</summary>
    public string Name { get; }

    /// <summary>When it was started.</summary>
    public long StartedTicks { get; }

    /// <summary>When it said that it is there; 0 before.</summary>
    public long ReadyTicks { get; private set; }

    /// <summary>What others join; null before it said so.</summary>
    public string? Address => _address;

    /// <summary>How many others it has seen join.</summary>
    public int Known => _joined.Count(other => other.Key != Name);

    /// <summary>When it saw the latest of them, or of those given: null where one is missing.</summary>
    public long? LastJoin(IEnumerable<string> names) => Last(_joined, names);

    /// <summary>When it found that one failed; null before.</summary>
    public long? FailureOf(string name) => Last(_failed, [name]);

    /// <summary>Seconds of processor that it has used, or those of its threads alone that run membership.</summary>
    public double CpuSeconds(bool ofMembership)
    {
        var stats = ofMembership
            ? Directory.GetDirectories(Of("task")).Where(task => _kind.Threads.Contains(File.ReadAllText($"{task}/comm").Trim())).Select(static task => $"{task}/stat")
            : [Of("stat")];
        return stats.Sum(static stat => TicksOf(File.ReadAllText(stat))) / TicksPerSecond;
    }

    /// <summary>Memory that it holds, in MB of a million bytes.</summary>
    public double MegaBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1e6;
    }

    /// <summary>What it said last, for when something went wrong.</summary>
    public string LastWords => string.Join('\n', _lastWords);

    /// <summary>The end no process can prepare for.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static long? Last(ConcurrentDictionary<string, long> seen, IEnumerable<string> names)
    {
        var last = 0L;
        foreach (var name in names)
        {
            if (!seen.TryGetValue(name, out var ticks)) return null;
            last = Math.Max(last, ticks);
        }

        return last;
    }

    // Fields 14 and 15, user and system time; the second field, the name, may hold spaces.
    private static double TicksOf(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private string Of(string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/{file}");

    private void Read(string? line)
    {
        if (line is null) return;
        var now = Stopwatch.GetTimestamp();
        _lastWords.Enqueue(line);
        if (_lastWords.Count > 10) _lastWords.TryDequeue(out _);
        if (_kind.Joined.Match(line) is { Success: true } joined) _joined.TryAdd(joined.Groups["name"].Value, now);
        else if (_kind.Failed.Match(line) is { Success: true } failed) _failed.TryAdd(failed.Groups["name"].Value, now);
        else if (_address is null && _kind.Ready.Match(line) is { Success: true } ready) (ReadyTicks, _address) = (now, ready.Groups["address"].Value);
    }
}
