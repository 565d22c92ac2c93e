using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Lifeguard (Dadgar, Phillips, Currey 2018) sections IV.B and IV.C.</summary>
public sealed class ConfirmationTests
{
    private static readonly TimeSpan OneTick = TimeSpan.FromTicks(1);
    private static readonly MemberRecord Suspect = Samples.Alive(2) with { State = MemberState.Suspect };

    private readonly OneNode _node;

    public ConfirmationTests()
    {
        _node = OneNode.WithoutNews(9);
        _node.Silent.Add(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Each_further_accuser_shortens_the_suspicion_counted_from_its_start(int further)
    {
        var (suspicions, outbox) = Started();
        for (var i = 0; i < further; i++) Assert.Equal(i < 3, suspicions.Confirm(Suspect.Id, [Samples.Id(4), Samples.Id(5 + i)], 10, new Now(1000 + i, 0), outbox));
        var last = outbox.Items.OfType<SetTimer>().Last();
        Assert.Equal(_node.Options.SuspicionTimeout(10, Math.Min(3, further)).Ticks, last.DueTicks);
        Assert.True(suspicions.HasRunOut(last.Timer, 10, null, false, new Now(last.DueTicks, 0), outbox, out _));
        var stale = outbox.Items.OfType<SetTimer>().SkipLast(1).ToList();
        Assert.All(stale, timer => Assert.False(suspicions.HasRunOut(timer.Timer, 10, null, false, new Now(timer.DueTicks, 0), outbox, out _)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Who_is_chosen_by_chance_looks_at_once_at_a_member_that_another_suspects(int checks)
    {
        var node = OneNode.WithoutNews(9, new SwimOptions { SuspicionChecks = checks });
        node.Silent.Add(2);
        node.HearAccused(3, Suspect, 4);
        Assert.Equal(checks > 0, node.SentOf(SwimMessageKind.Ping).Any(ping => ping.To == 2));
        if (checks == 0) return;
        node.Run(2 * node.Options.ProbeTimeout);
        Assert.Equal(0, node.Core.HealthScore);
        node.Forget();
        node.HearAccused(5, Suspect, 6);
        Assert.DoesNotContain(node.SentOf(SwimMessageKind.Ping), ping => ping.To == 2);
    }

    [Fact]
    public void A_suspicion_that_is_confirmed_late_ends_at_once()
    {
        var (suspicions, outbox) = Started();
        var late = 2 * _node.Options.SuspicionTimeout(10, 3).Ticks;
        suspicions.Confirm(Suspect.Id, [Samples.Id(5), Samples.Id(6), Samples.Id(7)], 10, new Now(late, 0), outbox);
        Assert.Equal(late, outbox.Items.OfType<SetTimer>().Last().DueTicks);
    }

    [Fact]
    public void Who_is_named_again_or_is_the_suspect_or_dead_or_unknown_confirms_nothing()
    {
        _node.Receive(SwimMessageKind.Gossip, 9, 0, 0, Samples.Alive(9) with { State = MemberState.Dead });
        _node.HearAccused(3, Suspect, 4);
        _node.HearAccused(5, Suspect, 4, 2, 9, 50);
        Assert.Equal([4], AccusersTold());
    }

    [Fact]
    public void The_own_failed_probe_confirms_what_another_suspects_and_is_spread_with_the_others_name()
    {
        _node.HearAccused(3, Suspect, 4);
        Assert.Equal([4], AccusersTold());
        _node.RunUntilPingOf(2);
        _node.Run(2 * _node.Options.ProbeTimeout);
        _node.Forget();
        Assert.Equal([1, 4], AccusersTold());
    }

    [Fact]
    public void More_accusers_than_count_are_not_spread()
    {
        _node.HearAccused(3, Suspect, 3, 4, 5, 6);
        _node.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(0, _node.Core.NewsCount);
        _node.HearAccused(3, Suspect, 7);
        Assert.Equal(0, _node.Core.NewsCount);
    }

    [Fact]
    public void Whoever_is_found_silent_is_told_at_once_and_before_all_others()
    {
        _node.RunUntilPingOf(2);
        _node.Run(2 * _node.Options.ProbeTimeout - OneTick);
        _node.Forget();
        _node.Run(OneTick);
        var told = Assert.Single(_node.Sent, static sent => sent.StandingOf(2) is { State: MemberState.Suspect });
        Assert.Equal((2, SwimMessageKind.Ping), (told.To, told.Message.Kind));
    }

    [Fact]
    public void Accusers_come_back_as_they_were_and_a_record_without_is_written_as_before()
    {
        var rumour = RecordCodec.Encode(Suspect, [Samples.Id(4), new NodeId(ulong.MaxValue)]);
        var view = Read(rumour);
        Assert.Equal((Suspect.Id, Suspect.Standing), (view.Id, view.Standing));
        Assert.Equal([Samples.Id(4), new NodeId(ulong.MaxValue)], view.Accusers.ToArray());
        Assert.Equal(RecordCodec.Encode(Suspect), RecordCodec.Encode(Suspect, []));
        Assert.True(Read(RecordCodec.Encode(Suspect)).Accusers.IsEmpty);
    }

    [Theory]
    [InlineData(RecordCodec.AccusersMax, 0)]
    [InlineData(RecordCodec.AccusersMax + 1, 1)]
    public void A_rumour_that_names_more_accusers_than_may_be_is_malformed(int named, int rejected)
    {
        _node.HearAccused(3, Suspect, [.. Enumerable.Range(3, named)]);
        Assert.Equal(rejected, _node.Core.Rejects[RejectReason.Malformed]);
        Assert.Equal(rejected == 0 ? MemberState.Suspect : MemberState.Alive, _node.StateOf(2));
    }

    [Fact]
    public void Views_agree_whoever_accuses()
    {
        var other = OneNode.WithoutNews(9);
        _node.HearAccused(3, Suspect, 4);
        other.HearAccused(3, Suspect, 5, 6);
        Assert.Equal(_node.Core.Members.Fingerprint, other.Core.Members.Fingerprint);
    }

    // Whom the next round of gossip names as accusers of member 2.
    private IEnumerable<int> AccusersTold()
    {
        _node.Run(_node.Options.GossipPeriod);
        var told = _node.Sent.SelectMany(static sent => sent.Rumours).First(static view => view.Id == Samples.Id(2) && !view.Accusers.IsEmpty);
        return told.Accusers.ToArray().Select(static id => (int)id.Value).Order();
    }

    private (Suspicions Suspicions, Outbox Outbox) Started()
    {
        var outbox = new Outbox();
        var suspicions = new Suspicions(_node.Options, new LoopWatch(_node.Options.LoopLateness), new NewsSpread(_node.Options, new LossMeter()));
        suspicions.Start(Suspect.Id, [Samples.Id(4)], 10, TimeSpan.Zero, new Now(0, 0), outbox);
        return (suspicions, outbox);
    }

    private static RecordView Read(byte[] rumour)
    {
        List<RecordView> read = [];
        var codec = new SwimCodec(7);
        Assert.Null(codec.Decode(codec.Encode(new SwimMessage(SwimMessageKind.Gossip, Samples.Id(3), 0, NodeId.None, 0), [rumour]), out _, read));
        return Assert.Single(read);
    }
}
