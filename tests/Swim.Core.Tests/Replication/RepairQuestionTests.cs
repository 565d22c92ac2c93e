using System.Collections.Immutable;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Nodes that join at one time do not hear of each other at one time: the first to know asks somebody who cannot answer yet.</summary>
public sealed class RepairQuestionTests
{
    private static readonly NodeId Self = new(1);
    private static readonly NodeId Peer = new(2);

    private readonly ReplicaCore _core = new(new ReplicaSettings(Self, 7), new Prng(1));

    [Fact]
    public void What_a_peer_could_not_answer_is_asked_again_once_when_the_peer_asks()
    {
        var asked = Assert.Single(Questions(outbox => _core.OnPlacement(At(0), Both(), outbox)));
        Assert.Empty(Questions(10, from: new RepairOpen(1, 0)));
        Assert.Equal(asked, Assert.Single(Questions(200, from: new RepairOpen(2, 0))));
        Assert.Empty(Questions(300, from: new RepairOpen(3, 0)));
        Assert.False(_core.IsReady);
        Assert.Empty(Questions(301, from: new RepairDigests(asked.Exchange, true, [])));
        Assert.True(_core.IsReady);
    }

    [Fact]
    public void What_was_answered_is_not_asked_again()
    {
        var asked = Assert.Single(Questions(outbox => _core.OnPlacement(At(0), Both(), outbox)));
        Assert.Empty(Questions(1, from: new RepairDigests(asked.Exchange, true, [])));
        Assert.Empty(Questions(200, from: new RepairOpen(1, 0)));
    }

    private List<RepairOpen> Questions(int ms, PeerMessage from) => Questions(outbox => _core.OnMessage(At(ms), Peer, from, outbox));

    private static List<RepairOpen> Questions(Action<Outbox> input)
    {
        var outbox = new Outbox();
        input(outbox);
        return [.. outbox.Items.OfType<SendToPeer>().Where(static send => send.To == Peer).Select(static send => send.Message).OfType<RepairOpen>()];
    }

    private static Now At(int ms) => new((1_000 + ms) * Now.TicksPerMs, 1_700_000_000_000 + ms);

    private static Placement Both()
    {
        var members = new[] { Self, Peer }.ToImmutableSortedDictionary(static id => id, static id => new MemberRecord(
            id, 1, 0, MemberState.Alive, new MemberMeta("n", "h", 1, 2, 3, "", 4)));
        return Placement.Build(7, 3, Self, new MembersSnapshot(1, members, 1), null);
    }
}
