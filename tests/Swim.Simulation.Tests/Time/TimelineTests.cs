using Swim.Simulation.Time;
using Xunit;

namespace Swim.Simulation.Tests.Time;

public sealed class TimelineTests
{
    private readonly Timeline _timeline = new();
    private readonly List<string> _happened = [];

    [Fact]
    public void Equal_times_keep_the_order_of_scheduling()
    {
        for (var i = 0; i < 100; i++) At(5, $"{i}");
        _timeline.RunUntil(10);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), _happened);
    }

    [Fact]
    public void Nothing_happens_before_its_time_and_time_reaches_the_end_asked_for()
    {
        At(11, "late");
        At(3, "early");
        _timeline.RunUntil(10);
        Assert.Equal(["early"], _happened);
        Assert.Equal(10, _timeline.Ticks);
    }

    [Fact]
    public void What_was_meant_for_a_life_that_is_over_never_happens()
    {
        var life = new ProcessLife();
        At(5, "lost", life);
        life.IsOver = true;
        _timeline.RunUntil(10);
        Assert.Empty(_happened);
        Assert.Equal(0, _timeline.Trace.Count);
    }

    [Fact]
    public void What_comes_during_a_pause_happens_after_it_in_order()
    {
        var life = new ProcessLife { ResumesAtTicks = 8 };
        At(2, "first", life);
        At(3, "second", life);
        At(5, "elsewhere");
        _timeline.RunUntil(7);
        Assert.Equal(["elsewhere"], _happened);
        _timeline.RunUntil(8);
        Assert.Equal(["elsewhere", "first", "second"], _happened);
    }

    [Fact]
    public void The_trace_tells_apart_time_node_kind_and_bytes()
    {
        ulong Hash(long ticks, int node, EventKind kind, byte[] bytes)
        {
            var trace = new TraceHash();
            trace.Add(ticks, node, kind, bytes);
            return trace.Value;
        }

        ulong[] hashes =
        [
            Hash(1, 1, EventKind.Datagram, [1]), Hash(2, 1, EventKind.Datagram, [1]), Hash(1, 2, EventKind.Datagram, [1]),
            Hash(1, 1, EventKind.Frame, [1]), Hash(1, 1, EventKind.Datagram, [2]), Hash(1, 1, EventKind.Datagram, [1, 0]),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(hashes[0], Hash(1, 1, EventKind.Datagram, [1]));
    }

    private void At(long ticks, string name, ProcessLife? life = null) =>
        _timeline.At(ticks, new SimEvent(EventKind.Client, 0, life, default, () => _happened.Add(name)));
}
