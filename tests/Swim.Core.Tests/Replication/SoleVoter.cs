using System.Collections.Immutable;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>One node's state core, recovered from a log, asked for votes by a planner that the test plays.</summary>
internal sealed class SoleVoter
{
    private static readonly NodeId Planner = new(1);
    private readonly ReplicaCore _core;
    private readonly NodeId _self;
    private readonly int _members;
    private readonly SortedSet<NodeId> _left = [];
    private Now _now;
    private Placement? _placement;

    public SoleVoter(NodeId self, int members, IEnumerable<ReadOnlyMemory<byte>> log, Now now)
    {
        (_self, _members, _now) = (self, members, now);
        _core = new ReplicaCore(new ReplicaSettings(self, 7), new Prng(99));
        foreach (var record in log) _core.Recover(record);
        _core.Start(_now, new Outbox());
        TellMembers();
    }

    public Placement Placement => _placement!;

    /// <summary>Names those that count where all of the voters do.</summary>
    public static ulong CountingOf(IReadOnlyList<NodeId> voters) => MajorityVoter.CountingOf(PlacementOf(new NodeId(1), 9, []), voters);

    /// <summary>The node's wall clock, in ms.</summary>
    public long NowMs => _now.WallMs;

    /// <summary>Its answer to a planner that asks at a round, which is a stamp of the planner's clock.</summary>
    public LeaseVote Vote(AskedLease lease, ulong round = 5)
    {
        var outbox = new Outbox();
        _core.OnMessage(_now, Planner, new MajorityAsk(round, [lease]), outbox);
        var votes = outbox.Items.OfType<SendToPeer>().Where(static send => send.To == Planner).Select(static send => send.Message).OfType<MajorityVotes>().Single();
        Assert.Equal(round, votes.Round);
        return votes.Votes.Single();
    }

    /// <summary>A member whose clock is right tells the time.</summary>
    public void Hears(ulong node, long wallMs) => _core.OnMessage(_now, new NodeId(node), new ClockTell(_now.Ticks, wallMs, true), new Outbox());

    public void Pass(int ms) => _now = new Now(_now.Ticks + (ms * Now.TicksPerMs), _now.WallMs + ms);

    public void Leaves(ulong node)
    {
        _left.Add(new NodeId(node));
        TellMembers();
    }

    private void TellMembers()
    {
        _placement = PlacementOf(_self, _members, _left);
        _core.OnPlacement(_now, _placement, new Outbox());
    }

    private static Placement PlacementOf(NodeId self, int members, SortedSet<NodeId> left)
    {
        var all = Enumerable.Range(1, members).Select(static id => new NodeId((ulong)id)).ToImmutableSortedDictionary(static id => id, id => new MemberRecord(
            id, 1, 0, left.Contains(id) ? MemberState.Left : MemberState.Alive, new MemberMeta($"n{id.Value}", "h", 1, 2, 3, "", 16)));
        return Placement.Build(7, 3, self, new MembersSnapshot(1, all, 1), null);
    }
}
