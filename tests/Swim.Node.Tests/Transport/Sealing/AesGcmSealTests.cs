using System.Text;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Node.Transport.Sealing;
using Xunit;

namespace Swim.Node.Tests.Transport.Sealing;

public sealed class AesGcmSealTests
{
    private const int CounterAt = PacketHeader.Length + SealStream.Length;
    private static readonly byte[] Plain = [.. new byte[PacketHeader.Length], .. Encoding.ASCII.GetBytes("who is dead")];

    private readonly AesGcmSeal _sender = SealSamples.Seal(SealSamples.Ring(1));
    private readonly AesGcmSeal _receiver = SealSamples.Seal(SealSamples.Ring(1), node: 3);

    [Fact]
    public void What_is_sealed_cannot_be_read_and_opens_to_what_it_was()
    {
        var packet = _sender.Seal(Plain);
        Assert.Equal(Plain.Length + _sender.OverheadBytes, packet.Length);
        Assert.Equal((PacketHeader.SealedFlag, SealSamples.Key(1).Id), (packet[PacketHeader.FlagsAt], packet[PacketHeader.KeyIdAt]));
        Assert.Equal(-1, packet.AsSpan().IndexOf("dead"u8));
        Assert.Null(_receiver.Open(packet, out var body));
        Assert.Equal(Plain[PacketHeader.Length..], body.ToArray());
    }

    [Fact]
    public void Every_bit_of_a_packet_is_authenticated_and_what_was_changed_does_not_spoil_what_is_right()
    {
        var packet = _sender.Seal(Plain);
        for (var bit = 0; bit < 8 * packet.Length; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            var reason = _receiver.Open(packet, out var body);
            Assert.True(reason is RejectReason.Forged or RejectReason.UnknownKey or RejectReason.Replayed, $"bit {bit}: {reason}");
            Assert.True(body.IsEmpty);
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Null(_receiver.Open(packet, out _));
    }

    [Fact]
    public void A_packet_for_a_cluster_of_another_name_with_the_same_keys_opens_nowhere()
    {
        using var other = SealSamples.Seal(SealSamples.Ring(1), cluster: "tesu");
        Assert.Equal(RejectReason.Forged, _receiver.Open(other.Seal(Plain), out _));
    }

    [Fact]
    public void A_packet_is_opened_once_and_late_ones_within_the_window_still_are()
    {
        var packets = Enumerable.Range(0, ReplayWindow.Width + 1).Select(_ => _sender.Seal(Plain)).ToList();
        Assert.Null(_receiver.Open(packets[^1], out _));
        Assert.Equal(RejectReason.Replayed, _receiver.Open(packets[^1], out _));
        Assert.Null(_receiver.Open(packets[1], out _));
        Assert.Equal(RejectReason.Replayed, _receiver.Open(packets[0], out _));
    }

    [Fact]
    public void What_an_earlier_life_sealed_is_replayed_once_a_later_one_was_heard()
    {
        var old = _sender.Seal(Plain);
        using var reborn = SealSamples.Seal(SealSamples.Ring(1), epoch: 2);
        Assert.Null(_receiver.Open(reborn.Seal(Plain), out _));
        Assert.Equal(RejectReason.Replayed, _receiver.Open(old, out _));
    }

    [Fact]
    public void A_forged_later_life_does_not_silence_the_present_one()
    {
        var forged = _sender.Seal(Plain);
        forged[PacketHeader.Length + 15] = 9;
        Assert.Null(_receiver.Open(_sender.Seal(Plain), out _));
        Assert.Equal(RejectReason.Forged, _receiver.Open(forged, out _));
        Assert.Null(_receiver.Open(_sender.Seal(Plain), out _));
    }

    [Fact]
    public void A_forged_counter_does_not_move_the_window()
    {
        Assert.Null(_receiver.Open(_sender.Seal(Plain), out _));
        var forged = _sender.Seal(Plain);
        forged[CounterAt] = 0x7F;
        Assert.Equal(RejectReason.Forged, _receiver.Open(forged, out _));
        Assert.Null(_receiver.Open(_sender.Seal(Plain), out _));
    }

    [Fact]
    public void A_copied_directory_has_a_stream_of_its_own_and_a_fifth_is_refused()
    {
        var copies = Enumerable.Range(0, SenderStreams.StreamsMax + 1).Select(static _ => SealSamples.Seal(SealSamples.Ring(1))).ToList();
        var packets = copies.Select(static copy => copy.Seal(Plain)).ToList();
        Assert.Equal(packets.Count, packets.Select(static packet => Convert.ToHexString(packet.AsSpan(PacketHeader.Length))).Distinct().Count());
        Assert.All(packets[..^1], packet => Assert.Null(_receiver.Open(packet, out _)));
        Assert.Equal(RejectReason.Replayed, _receiver.Open(packets[^1], out _));
        Assert.All(packets[..^1], packet => Assert.Equal(RejectReason.Replayed, _receiver.Open(packet, out _)));
    }

    [Fact]
    public void No_stream_and_counter_come_twice_over_keys_and_epochs()
    {
        HashSet<string> seen = [];
        foreach (var primary in new byte[] { 1, 2, 1 })
        {
            Assert.NotEqual(KeyChange.Unknown, SealSamples.Ring(1, 2).Using(SealSamples.Key(primary).Fingerprint, out var ring));
            _sender.Ring = ring;
            for (var i = 0; i < 10; i++) Assert.True(seen.Add(Convert.ToHexString(_sender.Seal(Plain).AsSpan(PacketHeader.Length, SealStream.Length + 8))));
        }

        _sender.BeginEpoch(2);
        Assert.True(seen.Add(Convert.ToHexString(_sender.Seal(Plain).AsSpan(PacketHeader.Length, SealStream.Length + 8))));
    }

    [Fact]
    public void Keys_are_changed_while_packets_flow_and_none_is_lost()
    {
        void Flows()
        {
            Assert.Null(_receiver.Open(_sender.Seal(Plain), out _));
            Assert.Null(_sender.Open(_receiver.Seal(Plain), out _));
        }

        Flows();
        foreach (var seal in new[] { _sender, _receiver })
        {
            seal.Ring = SealSamples.Ring(1, 2);
            Flows();
        }

        foreach (var seal in new[] { _receiver, _sender })
        {
            seal.Ring = SealSamples.Ring(2, 1);
            Flows();
        }

        foreach (var seal in new[] { _sender, _receiver })
        {
            seal.Ring = SealSamples.Ring(2);
            Flows();
        }

        using var old = SealSamples.Seal(SealSamples.Ring(1));
        Assert.Equal(RejectReason.UnknownKey, _receiver.Open(old.Seal(Plain), out _));
    }

    [Fact]
    public void The_quietest_sender_gives_way_where_there_are_too_many()
    {
        using var streams = new SenderStreams(nodesMax: 2);
        foreach (var node in new ulong[] { 1, 2 }) Hear(streams, node);
        streams.Touch(new NodeId(1));
        Hear(streams, 3);
        Assert.Equal(2, streams.Count);
        Assert.True(streams.TryFind(new SealStream(new NodeId(1), 5, 7), out var kept) && kept is not null);
        Assert.True(streams.TryFind(new SealStream(new NodeId(2), 5, 7), out var gone) && gone is null);
    }

    private static void Hear(SenderStreams streams, ulong node)
    {
        streams.Add(new SealStream(new NodeId(node), 5, 7));
        streams.Touch(new NodeId(node));
    }
}
