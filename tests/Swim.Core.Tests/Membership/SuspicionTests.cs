using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>SWIM (Das et al. 2002) section 4.2.</summary>
public sealed class SuspicionTests
{
    private static readonly TimeSpan OneTick = TimeSpan.FromTicks(1);
    private static readonly MemberRecord Suspect = Samples.Alive(2) with { State = MemberState.Suspect };

    private readonly OneNode _node = OneNode.WithoutNews(9);

    // Whoever is heard of does not die.
    public SuspicionTests() => _node.Silent.Add(2);

    private TimeSpan Lasts => _node.Options.SuspicionTimeout(10, 0);

    [Fact]
    public void A_suspicion_that_nobody_refutes_ends_in_death_when_its_time_is_over_and_not_before()
    {
        _node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Suspect);
        Assert.Contains(new MemberSuspected(Samples.Id(2), "n2", 0), _node.Outputs);
        _node.Run(Lasts - OneTick);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
        _node.Run(OneTick);
        Assert.Equal(MemberState.Dead, _node.StateOf(2));
        Assert.Contains(new MemberDied(Samples.Id(2), "n2", 0), _node.Outputs);
    }

    [Fact]
    public void Those_who_only_pass_it_on_do_not_shorten_it()
    {
        _node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Suspect);
        _node.Run(Lasts / 2);
        for (var teller = 3; teller <= 8; teller++) _node.Receive(SwimMessageKind.Gossip, teller, 0, 0, Suspect);
        _node.Run(Lasts - Lasts / 2 - OneTick);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
        _node.Run(OneTick);
        Assert.Equal(MemberState.Dead, _node.StateOf(2));
    }

    [Fact]
    public void One_that_was_refuted_never_kills_also_not_through_the_timer_of_an_earlier_one()
    {
        _node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Suspect);
        _node.Run(Lasts / 2);
        _node.Hear(Samples.Alive(2) with { Incarnation = 1 });
        _node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Suspect with { Incarnation = 1 });
        // The mistake makes the next one longer.
        _node.Run(_node.Options.SuspicionTimeout(10, 0, _node.Options.PenaltyStep) - OneTick);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
        _node.Run(OneTick);
        Assert.Equal(MemberState.Dead, _node.StateOf(2));
        _node.Silent.Clear();
        _node.Hear(Samples.Alive(2) with { Incarnation = 2 });
        _node.Run(2 * Lasts);
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
        Assert.Single(_node.Outputs.OfType<MemberDied>());
    }

    [Fact]
    public void One_that_the_own_loop_slept_through_starts_anew()
    {
        _node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Suspect);
        _node.Run(Lasts / 2);
        _node.StandStill(10 * Lasts);
        _node.Run(TimeSpan.Zero);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
        Assert.Contains(_node.Outputs, static output => output is LoopWasLate);
        _node.Run(Lasts - OneTick);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
        _node.Run(OneTick);
        Assert.Equal(MemberState.Dead, _node.StateOf(2));
    }

    [Fact]
    public void A_death_heard_by_push_pull_is_a_suspicion_of_a_live_member_and_a_death_of_an_unknown_one()
    {
        _node.HearByPushPull(3, Samples.Alive(2) with { State = MemberState.Dead }, Samples.Alive(50) with { State = MemberState.Dead });
        Assert.Equal((MemberState.Suspect, MemberState.Dead), (_node.StateOf(2), _node.StateOf(50)));
    }

    [Fact]
    public void A_death_that_others_found_is_believed_at_once_by_rumour()
    {
        _node.Hear(Samples.Alive(2) with { State = MemberState.Dead });
        Assert.Equal(MemberState.Dead, _node.StateOf(2));
        Assert.Empty(_node.Outputs.OfType<MemberSuspected>());
    }

    [Fact]
    public void A_jump_that_nobody_makes_is_dropped()
    {
        _node.Hear(Samples.Alive(2) with { Incarnation = (1UL << 32) + 1 }, Samples.Alive(3) with { Epoch = (1UL << 32) + 2 }, Samples.Alive(51) with { Incarnation = ulong.MaxValue });
        Assert.Equal(3, _node.Core.Rejects[RejectReason.AbsurdJump]);
        Assert.Equal(10, _node.Core.Members.Members.Count);
        Assert.All(_node.Core.Members.Members.Values, static member => Assert.Equal((1UL, 0UL), (member.Epoch, member.Incarnation)));
    }

    [Fact]
    public void A_table_that_is_full_takes_no_strangers_and_still_hears_of_its_members()
    {
        var node = new OneNode(2, new SwimOptions { MembersMax = 3 });
        node.Hear(Samples.Alive(50), Samples.Alive(3) with { Incarnation = 1 });
        Assert.Equal((3, 1L), (node.Core.Members.Members.Count, node.Core.Rejects[RejectReason.TableFull]));
        Assert.Equal(1UL, node.Core.Members.Members[Samples.Id(3)].Incarnation);
    }
}
