using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Before a node accuses others it asks what else may explain what it sees.</summary>
public sealed class SelfDoubtTests
{
    private static readonly TimeSpan OneMs = TimeSpan.FromMilliseconds(1);
    private static readonly MemberRecord Dead = Samples.Alive(2) with { State = MemberState.Dead };
    private static readonly MemberRecord Suspect = Samples.Alive(2) with { State = MemberState.Suspect };

    private readonly OneNode _node = OneNode.WithoutNews(9);

    private TimeSpan ProbeTime => 2 * _node.Options.ProbeTimeout;

    [Fact]
    public void Where_no_helper_says_anything_either_the_member_is_probed_once_more_before_it_is_suspected()
    {
        _node.HasNacks = false;
        SilentPing(2);
        _node.Run(ProbeTime);
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
        Assert.Contains(new VoteWithheld(Samples.Id(2), "n2", DoubtReason.NacksMissing), _node.Outputs);
        // In worse health it takes longer, up to three times.
        _node.Run(ProbeTime);
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
        _node.Run(2 * ProbeTime);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
        Assert.Single(_node.Outputs.OfType<VoteWithheld>());
    }

    [Fact]
    public void The_second_probe_saves_it()
    {
        _node.HasNacks = false;
        SilentPing(2);
        _node.Run(ProbeTime - OneMs);
        _node.Silent.Clear();
        _node.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
        Assert.Empty(_node.Outputs.OfType<MemberSuspected>());
        Assert.Single(_node.Outputs.OfType<VoteWithheld>());
    }

    [Fact]
    public void When_one_after_the_other_seems_to_fail_the_third_is_probed_once_more()
    {
        for (var member = 2; member <= 10; member++) _node.Silent.Add(member);
        // Nobody can say a nack: they are sent by the test.
        for (var step = 0; step < 60_000 && !_node.Outputs.OfType<VoteWithheld>().Any(); step++)
        {
            var before = _node.Sent.Count;
            _node.Run(OneMs);
            foreach (var asked in _node.Sent.Skip(before).Where(static sent => sent.Message.Kind == SwimMessageKind.PingReq).ToList())
                _node.Receive(SwimMessageKind.Nack, asked.To, asked.Message.Seq, (int)asked.Message.Target.Value);
        }

        Assert.Contains(_node.Outputs.OfType<VoteWithheld>(), static withheld => withheld.Reason is DoubtReason.SeveralAtOnce);
        Assert.Equal(2, _node.Outputs.OfType<MemberSuspected>().Count());
    }

    [Fact]
    public void Whoever_is_heard_of_while_it_is_probed_is_not_suspected_and_as_soon_as_it_falls_silent_it_is()
    {
        SilentPing(2);
        for (var i = 0; i < 20; i++)
        {
            _node.Receive(SwimMessageKind.Gossip, 2, 0, 0);
            _node.Run(ProbeTime / 4);
            Assert.Equal(MemberState.Alive, _node.StateOf(2));
        }

        Assert.Contains(_node.Outputs.OfType<VoteWithheld>(), static withheld => withheld.Reason == DoubtReason.RecentTraffic);
        for (var i = 0; i < 100 && _node.StateOf(2) == MemberState.Alive; i++) _node.Run(ProbeTime);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
    }

    [Fact]
    public void Doubt_begins_no_more_probes_of_a_member_than_are_needed()
    {
        var node = OneNode.WithoutNews(1);
        node.Silent.Add(2);
        for (var i = 0; i < 100; i++)
        {
            node.Receive(SwimMessageKind.Gossip, 2, 0, 0);
            node.Run(node.Options.ProbeTimeout);
        }

        // Fifty seconds: each probe pings twice, and at most two are under way.
        Assert.Equal(MemberState.Alive, node.StateOf(2));
        Assert.InRange(node.SentOf(SwimMessageKind.Ping).Count(), 10, 220);
    }

    [Fact]
    public void A_suspect_that_is_heard_of_does_not_die_until_the_full_time_has_passed_without_a_word()
    {
        var node = OneNode.WithoutNews(1);
        var lasts = node.Options.SuspicionTimeout(2);
        node.Silent.Add(2);
        node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Suspect);
        node.Run(lasts / 2);
        node.Receive(SwimMessageKind.Gossip, 2, 0, 0);
        node.Run(lasts - OneMs);
        Assert.Equal(MemberState.Suspect, node.StateOf(2));
        node.Run(OneMs);
        Assert.Equal(MemberState.Dead, node.StateOf(2));
    }

    [Fact]
    public void A_death_that_others_found_of_one_heard_of_just_now_is_only_a_suspicion()
    {
        _node.Receive(SwimMessageKind.Gossip, 2, 0, 0);
        _node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Dead);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
    }

    [Fact]
    public void A_death_that_others_found_of_one_long_silent_is_believed_and_so_is_one_it_announced_itself()
    {
        SilentPing(2);
        _node.Run(_node.Options.ProtocolPeriod);
        _node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Dead);
        Assert.Equal(MemberState.Dead, _node.StateOf(2));
        _node.Receive(SwimMessageKind.Gossip, 4, 0, 0);
        _node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Samples.Alive(4) with { Incarnation = 1, State = MemberState.Dead, Meta = Samples.Meta(4) with { IsDraining = true } });
        Assert.Equal(MemberState.Dead, _node.StateOf(4));
    }

    [Fact]
    public void Several_suspicions_that_nobody_confirms_wait_once_more_and_then_end()
    {
        var node = OneNode.WithoutNews(9, new SwimOptions { DeafnessMax = OneMs });
        for (var member = 2; member <= 10; member++) node.Silent.Add(member);
        foreach (var member in new[] { 2, 3, 4 }) node.Receive(SwimMessageKind.Gossip, 11, 0, 0, Samples.Alive(member) with { State = MemberState.Suspect });
        var alone = node.Options.SuspicionTimeout(10, 0);
        node.Run(alone);
        Assert.DoesNotContain(node.Outputs, static output => output is MemberDied);
        Assert.Contains(node.Outputs.OfType<VoteWithheld>(), static withheld => withheld.Reason == DoubtReason.SeveralAtOnce);
        node.Run(alone);
        foreach (var member in new[] { 2, 3, 4 }) Assert.Equal(MemberState.Dead, node.StateOf(member));
    }

    [Fact]
    public void A_node_that_hears_nobody_for_a_while_accuses_and_buries_nobody_and_says_that_it_is_there()
    {
        var node = OneNode.WithoutNews(9);
        node.HasNacks = false;
        for (var member = 2; member <= 10; member++) node.Silent.Add(member);
        node.Hear(Samples.Alive(4) with { State = MemberState.Suspect });
        node.Run(node.Options.DeafnessMax);
        Assert.Single(node.Outputs.OfType<HearsNobody>());
        Assert.DoesNotContain(node.Outputs, static output => output is MemberDied);
        Assert.InRange(node.Core.Self.Incarnation, 5UL, 15UL);
        node.Run(TimeSpan.FromMinutes(3));
        Assert.Contains(node.Outputs, static output => output is MemberDied);
    }

    [Fact]
    public void After_it_was_deaf_for_long_a_node_gives_all_suspects_their_full_time_again()
    {
        var node = OneNode.WithoutNews(9);
        node.HasNacks = false;
        for (var member = 2; member <= 10; member++) node.Silent.Add(member);
        node.Run(TimeSpan.FromSeconds(6));
        node.HearAccused(3, Samples.Alive(4) with { State = MemberState.Suspect }, 5, 6, 7, 8);
        node.HasNacks = true;
        node.Silent.Clear();
        node.Silent.Add(4);
        node.Run(TimeSpan.FromSeconds(1.5));
        Assert.Contains(node.Outputs, static output => output is SendPushPull);
        node.Run(node.Options.SuspicionTimeout(10) - TimeSpan.FromSeconds(1.5));
        Assert.Equal(MemberState.Suspect, node.StateOf(4));
        node.Run(node.Options.SuspicionTimeout(10));
        Assert.Equal(MemberState.Dead, node.StateOf(4));
    }

    [Fact]
    public void Of_a_few_that_all_fall_silent_none_is_spared_for_it()
    {
        var node = OneNode.WithoutNews(2);
        node.HasNacks = false;
        node.Silent.UnionWith([2, 3]);
        node.Run(TimeSpan.FromSeconds(25));
        Assert.Empty(node.Outputs.OfType<HearsNobody>());
        Assert.Contains(node.Outputs, static output => output is MemberDied);
    }

    [Theory]
    [InlineData(30_000, true)]
    [InlineData(-30_000, true)]
    [InlineData(900, false)]
    public void A_jump_between_monotonic_and_wall_time_reopens_what_was_seen(int jumpMs, bool isReopened)
    {
        SilentPing(2);
        _node.Run(ProbeTime - OneMs);
        _node.WallAheadMs += jumpMs;
        _node.Run(OneMs);
        Assert.Equal(isReopened ? MemberState.Alive : MemberState.Suspect, _node.StateOf(2));
        Assert.Equal(isReopened, _node.Outputs.Contains(new ClocksJumped(TimeSpan.FromMilliseconds(jumpMs))));
    }

    [Fact]
    public void A_suspicion_over_which_the_clocks_jumped_starts_anew()
    {
        var node = OneNode.WithoutNews(1);
        var lasts = node.Options.SuspicionTimeout(2);
        node.Silent.Add(2);
        node.Receive(SwimMessageKind.Gossip, 3, 0, 0, Suspect);
        node.Run(lasts - OneMs);
        node.WallAheadMs += 60_000;
        node.Run(OneMs);
        Assert.Equal(MemberState.Suspect, node.StateOf(2));
        node.Run(lasts);
        Assert.Equal(MemberState.Dead, node.StateOf(2));
    }

    [Fact]
    public void One_that_stood_still_for_30_s_with_probes_and_suspicions_under_way_declares_nobody_dead_on_waking()
    {
        foreach (var member in new[] { 2, 3, 4, 5 })
        {
            _node.Silent.Add(member);
            _node.HearAccused(9, Samples.Alive(member) with { State = MemberState.Suspect }, 6, 7, 8, 9);
        }

        _node.Run(ProbeTime);
        _node.StandStill(TimeSpan.FromSeconds(30));
        _node.Run(_node.Options.SuspicionTimeout(10) - OneMs);
        Assert.Empty(_node.Outputs.OfType<MemberDied>());
        _node.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(4, _node.Outputs.OfType<MemberDied>().Count());
    }

    // The member falls silent; its next ping went out, and everything before is forgotten.
    private void SilentPing(int member)
    {
        _node.Silent.Add(member);
        _node.RunUntilPingOf(member);
        _node.Forget();
    }
}
