using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>What a core does with the seal of its host; the seal here adds bytes and hides nothing.</summary>
public sealed class SealedPacketTests
{
    private static readonly MembershipSetup Setup = new()
    {
        Id = Samples.Id(1),
        Epoch = 1,
        ClusterId = 7,
        Meta = Samples.Longest,
        Seal = new LongSeal(),
        Known = [.. Enumerable.Range(2, 4).Select(Samples.Alive)],
    };

    private readonly MembershipCore _core = new(Setup, new SwimOptions(), new Prng(1));
    private readonly Outbox _outbox = new();

    public SealedPacketTests() => _core.Start(new Now(0, 0), _outbox);

    [Fact]
    public void Every_packet_is_sealed_within_its_bound_and_the_bound_is_used()
    {
        for (var number = 10; number < 80; number++)
        {
            var news = new SwimMessage(SwimMessageKind.Gossip, Samples.Id(2), 0, NodeId.None, 0);
            _core.OnDatagram(new Now(0, 0), new SwimCodec(7, new LongSeal()).Encode(news, [RecordCodec.Encode(Samples.Alive(number))]), _outbox);
        }

        for (var due = _outbox.Items.OfType<SetTimer>().ToList(); due.Count > 0 && due[0].DueTicks < TimeSpan.FromSeconds(5).Ticks; due = [.. due.Skip(1).Concat(Fire(due[0])).OrderBy(static timer => timer.DueTicks)])
        {
        }

        var packets = _outbox.Items.OfType<SendDatagram>().Select(static sent => sent.Packet).ToList();
        Assert.All(packets, static packet => Assert.Equal((PacketHeader.SealedFlag, 9), (packet.Span[PacketHeader.FlagsAt], packet.Span[PacketHeader.KeyIdAt])));
        Assert.InRange(packets.Max(static packet => packet.Length), SwimCodec.PacketBytesMax - 100, SwimCodec.PacketBytesMax);
    }

    [Fact]
    public void Plain_packets_are_counted_and_dropped_where_there_is_a_seal_and_sealed_ones_where_there_is_none()
    {
        var (plain, sealing) = (new SwimCodec(7), new SwimCodec(7, new LongSeal()));
        var ping = new SwimMessage(SwimMessageKind.Ping, Samples.Id(2), 5, Samples.Id(1), 0);
        Assert.Equal(RejectReason.Plain, sealing.Decode(plain.Encode(ping, []), out _, []));
        Assert.Equal(RejectReason.Sealed, plain.Decode(sealing.Encode(ping, []), out _, []));
        Assert.Null(sealing.Decode(sealing.Encode(ping, []), out var read, []));
        Assert.Equal(ping, read);
        _outbox.Clear();
        _core.OnDatagram(new Now(1, 0), plain.Encode(ping, []), _outbox);
        Assert.Equal(1, _core.Rejects[RejectReason.Plain]);
        Assert.Empty(_outbox.Items.OfType<SendDatagram>());
    }

    private IEnumerable<SetTimer> Fire(SetTimer timer)
    {
        var before = _outbox.Items.Count;
        _core.OnTimer(new Now(timer.DueTicks, 0), timer.Timer, _outbox);
        return [.. _outbox.Items.Skip(before).OfType<SetTimer>()];
    }

    private sealed class LongSeal : IPacketSeal
    {
        public int OverheadBytes => 48;

        public byte[] Seal(ReadOnlySpan<byte> packet)
        {
            byte[] result = [.. packet[..PacketHeader.Length], .. new byte[OverheadBytes], .. packet[PacketHeader.Length..]];
            (result[PacketHeader.FlagsAt], result[PacketHeader.KeyIdAt]) = (PacketHeader.SealedFlag, 9);
            return result;
        }

        public RejectReason? Open(ReadOnlySpan<byte> packet, out ReadOnlyMemory<byte> body)
        {
            body = packet[(PacketHeader.Length + OverheadBytes)..].ToArray();
            return null;
        }
    }
}
