using System.Globalization;
using System.Runtime.InteropServices;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Node.Tests.Transport.Sealing;
using Swim.Node.Transport.Sealing;
using Xunit;
using Xunit.Abstractions;

namespace Swim.Node.Tests.Transport;

/// <summary>
/// Packets that nobody would send, at a node without keys and at one with keys. As many and from the seed that <c>SWIM_FUZZ_PACKETS</c> and
/// <c>SWIM_FUZZ_SEED</c> say; <c>scripts/fuzz.sh</c> sends ten million.
/// </summary>
public sealed class PacketFuzzTests(ITestOutputHelper output)
{
    // What a refusal may cost besides the packet itself: an exception that is caught, a derived key, a count that is told. Far below what any length that a packet claims would be.
    private const int RefusalBytesMax = 8 * 1024;

    private const ulong Cluster = 7;
    private static readonly long Packets = FromEnvironment("SWIM_FUZZ_PACKETS", 100_000);
    private static readonly ulong Seed = (ulong)FromEnvironment("SWIM_FUZZ_SEED", 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_comes_nothing_throws_refusals_cost_no_more_than_the_packet_and_each_is_counted(bool isSealed)
    {
        var prng = new Prng(Seed);
        var target = new Target(isSealed);
        var corpus = Corpus.Of(isSealed);
        var (refused, costliest) = (0L, 0L);
        for (long i = 0; i < Packets / 2; i++)
        {
            var (packet, mustBeRefused) = Next(corpus, prng);
            var (rejects, members) = (target.Core.Rejects.Total, target.Core.Members);
            var cost = target.Receive(packet, i);
            var isRefused = target.Core.Rejects.Total > rejects;
            if (mustBeRefused && target.Core.Rejects.Total != rejects + 1) Assert.Fail($"seed {Seed}, packet {i} was counted {target.Core.Rejects.Total - rejects} times: {Convert.ToHexString(packet)}");
            if (!isRefused || !ReferenceEquals(members, target.Core.Members) || target.Sent > 0) continue;
            refused++;
            costliest = Math.Max(costliest, cost - packet.Length);
            if (cost > packet.Length + RefusalBytesMax) Assert.Fail($"seed {Seed}, packet {i} cost {cost} bytes: {Convert.ToHexString(packet)}");
        }

        output.WriteLine($"{Packets / 2} packets, {refused} refused, at most {costliest} bytes more than the packet: {string.Join(", ", target.Core.Rejects.Snapshot().Where(static count => count.Value > 0))}");
        Assert.InRange(refused, Packets / 4, Packets / 2);
        Assert.True(target.Core.Members.Members.Count <= Target.MembersMax);
        Assert.All(Expected(isSealed), reason => Assert.True(target.Core.Rejects[reason] > 0, $"{reason} never came up"));
    }

    private static RejectReason[] Expected(bool isSealed) => isSealed
        ? [RejectReason.TooShort, RejectReason.TooLarge, RejectReason.NotOurs, RejectReason.ForeignCluster, RejectReason.UnknownFormat, RejectReason.Malformed, RejectReason.Plain, RejectReason.UnknownKey, RejectReason.Forged, RejectReason.Replayed]
        : [RejectReason.TooShort, RejectReason.TooLarge, RejectReason.NotOurs, RejectReason.ForeignCluster, RejectReason.UnknownFormat, RejectReason.Malformed, RejectReason.Sealed];

    // Whether it must be refused is said only where no luck can make it right.
    private static (byte[] Packet, bool MustBeRefused) Next(Corpus corpus, Prng prng)
    {
        switch (prng.Next(8))
        {
            case 0:
                return (Noise(prng, prng.Next(1_500)), true);
            case 1:
                // A right header, and then noise.
                return ([.. corpus.Packet(prng).AsSpan(0, PacketHeader.Length), .. Noise(prng, prng.Next(1_400))], corpus.IsSealed);
            case 2:
                return (corpus.Packet(prng) is var whole ? whole[..prng.Next(whole.Length)] : [], true);
            case 3:
                return ([.. corpus.Packet(prng), .. Noise(prng, 1 + prng.Next(1_500))], true);
            case 4:
                // Of somebody who has the keys and is mad: what is wrong lies behind the seal.
                return (corpus.Sealed(Flipped(corpus.Plain(prng), PacketHeader.Length, prng)), false);
            case 5:
                // One that came before, or could have.
                return (corpus.Replay(prng), false);
            case 6:
                return (corpus.OfTheOtherForm(prng), true);
            default:
                return (Flipped(corpus.Packet(prng), 0, prng), corpus.IsSealed);
        }
    }

    private static byte[] Flipped(byte[] packet, int from, Prng prng)
    {
        for (var flips = 1 + prng.Next(3); flips > 0; flips--)
        {
            // Never the same value again, and no second flip that undoes the first: each changes a place of its own third.
            var third = (packet.Length - from) / 3;
            packet[from + ((flips - 1) * third) + prng.Next(third)] ^= (byte)(1 + prng.Next(255));
        }

        return packet;
    }

    private static byte[] Noise(Prng prng, int length)
    {
        var words = new ulong[(length + 7) / 8];
        for (var at = 0; at < words.Length; at++) words[at] = prng.NextUInt64();
        return MemoryMarshal.AsBytes<ulong>(words)[..length].ToArray();
    }

    private static long FromEnvironment(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static MembershipSetup SetupOf(int number, IPacketSeal? seal) => new()
    {
        Id = new NodeId((ulong)number),
        Epoch = 1,
        ClusterId = Cluster,
        Meta = MetaOf(number),
        Seal = seal,
        Known = [.. Enumerable.Range(1, 6).Where(other => other != number).Select(static other => new MemberRecord(new NodeId((ulong)other), 1, 0, MemberState.Alive, MetaOf(other)))],
    };

    private static MemberMeta MetaOf(int number) => new($"n{number}", $"h{number}", 1, 0, number, "", 1);

    /// <summary>Node 1, which gets the packets.</summary>
    private sealed class Target
    {
        public const int MembersMax = 20;

        private readonly Outbox _outbox = new();

        public Target(bool isSealed)
        {
            Core = new MembershipCore(SetupOf(1, isSealed ? SealSamples.Seal(SealSamples.Ring(1, 2), node: 1) : null), new SwimOptions { MembersMax = MembersMax }, new Prng(1));
            Core.Start(new Now(0, 0), _outbox);
        }

        public MembershipCore Core { get; }

        /// <summary>Packets that the last one made it send.</summary>
        public int Sent { get; private set; }

        /// <summary>Hands in a packet; returns what was allocated.</summary>
        public long Receive(byte[] packet, long at)
        {
            _outbox.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Core.OnDatagram(new Now(at, 0), packet, _outbox);
            var cost = GC.GetAllocatedBytesForCurrentThread() - before;
            Sent = _outbox.Items.Count(static item => item is SendDatagram);
            return cost;
        }
    }

    /// <summary>What node 2 sends to others while nobody answers: pings, requests to ping, news.</summary>
    private sealed class Corpus
    {
        private readonly List<byte[]> _plain;
        private readonly AesGcmSeal? _seal;
        private readonly AesGcmSeal _other = SealSamples.Seal(SealSamples.Ring(1), salt: static () => 5);
        private readonly List<byte[]> _sent = [];

        private Corpus(List<byte[]> plain, AesGcmSeal? seal) => (_plain, _seal) = (plain, seal);

        public bool IsSealed => _seal is not null;

        public static Corpus Of(bool isSealed)
        {
            var outbox = new Outbox();
            var core = new MembershipCore(SetupOf(2, null), new SwimOptions(), new Prng(2));
            core.Start(new Now(0, 0), outbox);
            var timers = new PriorityQueue<SetTimer, long>();
            List<byte[]> packets = [];
            while (packets.Count < 100)
            {
                packets.AddRange(outbox.Items.OfType<SendDatagram>().Select(static sent => sent.Packet.ToArray()));
                foreach (var timer in outbox.Items.OfType<SetTimer>()) timers.Enqueue(timer, timer.DueTicks);
                outbox.Clear();
                var due = timers.Dequeue();
                core.OnTimer(new Now(due.DueTicks, 0), due.Timer, outbox);
            }

            return new Corpus(packets, isSealed ? SealSamples.Seal(SealSamples.Ring(1), salt: static () => 5) : null);
        }

        /// <summary>One in plain, the caller's to change.</summary>
        public byte[] Plain(Prng prng) => [.. _plain[prng.Next(_plain.Count)]];

        /// <summary>One as the target takes it, the caller's to change.</summary>
        public byte[] Packet(Prng prng) => Sealed(Plain(prng));

        public byte[] Sealed(byte[] plain) => _seal?.Seal(plain) ?? plain;

        public byte[] Replay(Prng prng)
        {
            if (_sent.Count < 100) _sent.Add(Packet(prng));
            return _sent[prng.Next(_sent.Count)];
        }

        /// <summary>Sealed where the target has no keys, or in plain where it has; now and then sealed for it with a key it does not have.</summary>
        public byte[] OfTheOtherForm(Prng prng)
        {
            if (!IsSealed) return _other.Seal(Plain(prng));
            if (prng.Next(3) > 0) return Plain(prng);
            var packet = Packet(prng);
            packet[PacketHeader.KeyIdAt] = UnknownId;
            return packet;
        }

        private static readonly byte UnknownId = (byte)Enumerable.Range(1, 255).First(static id => SealSamples.Ring(1, 2).Find((byte)id) is null);
    }
}
