using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Simulation.Network;
using Swim.Simulation.Time;
using Xunit;

namespace Swim.Simulation.Tests.Network;

public sealed class SimNetworkTests
{
    private static readonly LinkConditions Wild =
        new(200, 200, 100, TimeSpan.FromMilliseconds(0.2), TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(500));

    private readonly Timeline _timeline = new();
    private readonly Mailbox[] _boxes = [new(), new(), new()];
    private readonly SimNetwork _network;

    public SimNetworkTests() => _network = new SimNetwork(_timeline, new Prng(7), _boxes);

    [Fact]
    public void Datagrams_are_lost_doubled_and_overtaken()
    {
        _network.Conditions = Wild;
        for (var i = 0; i < 200; i++) _network.SendDatagram(0, 1, Bytes(i));
        Run(2);
        var got = _boxes[1].Datagrams;
        Assert.True(got.Distinct().Count() < 200, "none was lost");
        Assert.True(got.Count > got.Distinct().Count(), "none was doubled");
        Assert.NotEqual(got.Order(), got);
    }

    [Theory]
    [InlineData(StreamManner.Breaks)]
    [InlineData(StreamManner.Holds)]
    public void A_stream_keeps_every_frame_in_order_whatever_the_weather(StreamManner manner)
    {
        (_network.Conditions, _network.Manner) = (Wild, manner);
        for (var i = 0; i < 200; i++) _network.SendFrame(0, 1, PeerLane.State, Bytes(i));
        Run(20);
        Assert.Equal(Enumerable.Range(0, 200), _boxes[1].Frames);
    }

    [Fact]
    public void A_harsh_stream_fares_as_datagrams_do()
    {
        (_network.Conditions, _network.Manner) = (Wild, StreamManner.Harsh);
        for (var i = 0; i < 200; i++) _network.SendFrame(0, 1, PeerLane.State, Bytes(i));
        Run(2);
        Assert.True(_boxes[1].Frames.Distinct().Count() < 200, "none was lost");
    }

    [Fact]
    public void A_cut_works_in_one_direction_and_until_it_is_mended()
    {
        _network.Cuts.Cut([0], [1]);
        _network.SendDatagram(0, 1, Bytes(1));
        _network.SendDatagram(1, 0, Bytes(2));
        Run(1);
        _network.Cuts.Mend([0], [1]);
        _network.SendDatagram(0, 1, Bytes(3));
        Run(1);
        Assert.Equal([3], _boxes[1].Datagrams);
        Assert.Equal([2], _boxes[0].Datagrams);
    }

    [Theory]
    [InlineData(StreamManner.Breaks, new[] { 3 })]
    [InlineData(StreamManner.Holds, new[] { 1, 2, 3 })]
    public void A_short_cut_loses_or_delays_what_a_stream_carries(StreamManner manner, int[] expected)
    {
        _network.Manner = manner;
        _network.Cuts.Cut([0], [1]);
        _network.SendFrame(0, 1, PeerLane.State, Bytes(1));
        _network.SendFrame(0, 1, PeerLane.State, Bytes(2));
        Run(1);
        _network.Cuts.Mend([0], [1]);
        _network.SendFrame(0, 1, PeerLane.State, Bytes(3));
        Run(1);
        Assert.Equal(expected, _boxes[1].Frames);
    }

    [Fact]
    public void The_end_of_a_process_takes_along_what_its_streams_carry()
    {
        _network.SendFrame(0, 1, PeerLane.State, Bytes(1));
        _network.SendFrame(0, 2, PeerLane.State, Bytes(2));
        _network.BreakStreams(1);
        Run(1);
        Assert.Empty(_boxes[1].Frames);
        Assert.Equal([2], _boxes[2].Frames);
    }

    [Fact]
    public void A_call_ends_once_with_a_reply_or_a_failure()
    {
        var ends = new List<string>();
        void Call(int to) => _network.Call(0, to, Bytes(to), reply => ends.Add($"n{to} said {reply.Span[0]}"), () => ends.Add($"n{to} failed"));
        Call(1);
        _boxes[2].Life = null;
        Call(2);
        Run(1);
        _network.Cuts.Cut([0], [1]);
        Call(1);
        Run(20);
        Assert.Equal(["n1 said 1", "n2 failed", "n1 failed"], ends);
    }

    private void Run(int seconds) => _timeline.RunUntil(_timeline.Ticks + TimeSpan.FromSeconds(seconds).Ticks);

    private static byte[] Bytes(int number) => [(byte)number];

    private sealed class Mailbox : IReceiver
    {
        public List<int> Datagrams { get; } = [];

        public List<int> Frames { get; } = [];

        public ProcessLife? Life { get; set; } = new();

        public void OnDatagram(ReadOnlyMemory<byte> packet) => Datagrams.Add(packet.Span[0]);

        public void OnFrame(int from, ReadOnlyMemory<byte> frame) => Frames.Add(frame.Span[0]);

        public void OnPushPull(ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>?> answer) => answer(body);

        public void OnStreamPing(ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>?> answer) => answer(body);
    }
}
