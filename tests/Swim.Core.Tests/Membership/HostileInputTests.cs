using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Whatever arrives, nothing throws; what is dropped changes nothing; what is taken changes the table only upwards.</summary>
public sealed class HostileInputTests
{
    private const int MembersMax = 20;

    private static readonly RejectReason[] Whole =
    [
        RejectReason.TooShort, RejectReason.TooLarge, RejectReason.NotOurs, RejectReason.UnknownFormat, RejectReason.ForeignCluster, RejectReason.Malformed,
        RejectReason.FromSelf, RejectReason.WrongTarget,
    ];

    private readonly OneNode _node = new(3, new SwimOptions { MembersMax = MembersMax });

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, PacketHeader.Length)]
    [InlineData(4, PacketHeader.Length + 1)]
    public void Random_bytes_are_counted_each_and_change_nothing(ulong seed, int validBytes)
    {
        var prng = new Prng(seed);
        var members = _node.Core.Members;
        for (var i = 1; i <= 3000; i++)
        {
            var bytes = new byte[prng.Next(1500)];
            for (var at = 0; at < bytes.Length; at++) bytes[at] = (byte)prng.NextUInt64();
            Packet(SwimMessageKind.Gossip).AsSpan(0, Math.Min(validBytes, bytes.Length)).CopyTo(bytes);
            _node.Do((now, outbox) => _node.Core.OnDatagram(now, bytes, outbox));
            Assert.Equal(i, _node.Core.Rejects.Total);
        }

        Assert.Same(members, _node.Core.Members);
        Assert.Empty(_node.Sent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_packets_are_dropped_whole_or_change_the_table_lawfully(ulong seed)
    {
        var prng = new Prng(seed);
        var packets = Enum.GetValues<SwimMessageKind>().Select(Packet).ToList();
        for (var i = 0; i < 10_000; i++)
        {
            var packet = Mutate(packets[prng.Next(packets.Count)], prng);
            Lawfully((now, outbox) => _node.Core.OnDatagram(now, packet, outbox), outputs => outputs.OfType<SendDatagram>());
            var before = _node.Core.Members;
            if (i % 100 == 0) _node.Run(TimeSpan.FromMilliseconds(300));
            AssertRisen(before, _node.Core.Members);
        }

        Assert.True(_node.Core.Rejects[RejectReason.Malformed] > 1000);
        Assert.Equal(MembersMax, _node.Core.Members.Members.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_push_pulls_are_refused_whole_or_answered_and_change_the_table_lawfully(ulong seed)
    {
        var prng = new Prng(seed);
        var codec = new PushPullCodec(7, MembersMax);
        var bodies = Enumerable.Range(1, 2).Select(round => codec.Encode(new PushPullHead(Samples.Id(2), 3, (byte)round, 4), Samples.Alive(2), Accused().ToList())).ToList();
        for (var i = 0; i < 5_000; i++)
        {
            var body = Mutate(bodies[prng.Next(2)], prng);
            Lawfully((now, outbox) =>
            {
                _node.Core.OnPushPullRequest(now, body, i, outbox);
                Assert.Single(outbox.Items, static output => output is AnswerPushPull or RefusePushPull);
            }, static outputs => outputs.OfType<AnswerPushPull>());
            _node.Do((now, outbox) => _node.Core.OnPushPullReply(now, "h9:1", body, outbox));
        }

        Assert.True(_node.Core.Rejects[RejectReason.Malformed] > 1000);
        Assert.True(_node.Core.Rejects[RejectReason.Unmatched] > 1000);
    }

    [Fact]
    public void A_packet_cut_short_anywhere_or_with_a_byte_too_many_is_a_counted_reject_and_changes_nothing()
    {
        var packet = Packet(SwimMessageKind.Gossip);
        var members = _node.Core.Members;
        for (var length = 0; length < packet.Length; length++) _node.Do((now, outbox) => _node.Core.OnDatagram(now, packet.AsMemory(0, length), outbox));
        Assert.Equal(packet.Length, _node.Core.Rejects.Total);
        byte[] longer = [.. packet, 0];
        _node.Do((now, outbox) => _node.Core.OnDatagram(now, longer, outbox));
        Assert.Same(members, _node.Core.Members);
        _node.Do((now, outbox) => _node.Core.OnDatagram(now, packet, outbox));
        Assert.Equal((packet.Length + 1, 5), ((int)_node.Core.Rejects.Total, _node.Core.Members.Members.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(14)]
    public void A_declared_length_that_lies_costs_no_memory(int place)
    {
        // An array of 2^32 - 1 elements, in place of the packet's own and of the list of records, or a byte string of that length.
        var head = Packet(SwimMessageKind.Gossip)[..PacketHeader.Length];
        byte[] fields = [0x96, 4, 2, 0, 0, 0, 0x91, 0x95, 5, 1, 0, 0, 0xC4, 0x10, 0, 0];
        byte[] lie = [place == 14 ? (byte)0xC6 : (byte)0xDD, 0xFF, 0xFF, 0xFF, 0xFF];
        byte[] packet = [.. head, .. fields[..Math.Min(place, 12)], .. lie];
        var before = GC.GetAllocatedBytesForCurrentThread();
        _node.Do((now, outbox) => _node.Core.OnDatagram(now, packet, outbox));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(1, _node.Core.Rejects[RejectReason.Malformed]);
    }

    private static IEnumerable<MemberRecord> Accused() =>
        [Samples.Alive(1) with { State = MemberState.Suspect }, Samples.Alive(3) with { State = MemberState.Dead }, Samples.Alive(9)];

    private static byte[] Packet(SwimMessageKind kind) => new SwimCodec(7).Encode(
        new SwimMessage(kind, Samples.Id(2), 5, Samples.Id(kind == SwimMessageKind.PingReq ? 3 : 1), 6), [.. Accused().Append(Samples.Alive(2)).Select(RecordCodec.Encode)]);

    private static byte[] Mutate(byte[] bytes, Prng prng)
    {
        var mutated = bytes[..(prng.Chance(100) ? prng.Next(bytes.Length) : bytes.Length)];
        for (var flips = 1 + prng.Next(3); flips > 0 && mutated.Length > 0; flips--) mutated[prng.Next(mutated.Length)] = (byte)prng.NextUInt64();
        return mutated;
    }

    private void Lawfully(Action<Now, Outbox> input, Func<IReadOnlyList<Output>, IEnumerable<Output>> answersOf)
    {
        var (before, dropped) = (_node.Core.Members, Dropped());
        IEnumerable<Output> answers = [];
        _node.Do((now, outbox) =>
        {
            input(now, outbox);
            answers = [.. answersOf(outbox.Items)];
        });
        if (Dropped() > dropped)
        {
            Assert.Same(before, _node.Core.Members);
            Assert.Empty(answers);
        }

        AssertRisen(before, _node.Core.Members);
        Assert.Equal((Samples.Id(1), MemberState.Alive), (_node.Core.Self.Id, _node.Core.Self.State));
    }

    private long Dropped() => Whole.Sum(reason => _node.Core.Rejects[reason]);

    private static void AssertRisen(MembersSnapshot before, MembersSnapshot after)
    {
        Assert.InRange(after.Members.Count, before.Members.Count, MembersMax);
        var table = new MemberTable();
        foreach (var record in after.Members.Values)
        {
            table.Merge(record);
            Assert.False(before.Members.TryGetValue(record.Id, out var earlier) && record.Standing.IsBelow(earlier.Standing));
            Assert.Empty(record.Meta.Validate());
        }

        Assert.All(before.Members.Keys, id => Assert.True(after.Members.ContainsKey(id)));
        Assert.Equal(table.Fingerprint, after.Fingerprint);
    }
}
