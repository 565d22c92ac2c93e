using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>How long the shortest suspicion lasts by what was measured: long enough for an accusation to come to the suspect and its refutation back.</summary>
public sealed class NewsSpreadTests
{
    private const int Members = 127;

    private static readonly SwimOptions Options = new();
    private static readonly TimeSpan Unmeasured = Options.SuspicionTimeout(Members);

    private readonly LossMeter _loss = new();
    private readonly NewsSpread _spread;
    private long _ticks = 1;

    public NewsSpreadTests() => _spread = new NewsSpread(Options, _loss);

    [Fact]
    public void Without_enough_measurements_the_options_say()
    {
        Agree(24);
        Assert.Equal(Unmeasured, Min());
        Agree(1);
        Assert.True(Min() < Unmeasured);
    }

    [Theory]
    [InlineData(3, 0, 2)]
    [InlineData(127, 0, 3.7)]
    [InlineData(1000, 0, 4.9)]
    public void However_quick_it_is_time_is_left_for_rounds_that_double_and_one_that_is_missed(int members, int lackedMs, double seconds)
    {
        Agree(25, lackedMs);
        Assert.Equal(seconds, _spread.SuspicionMin(members, At(0)).TotalSeconds, 3);
    }

    [Fact]
    public void Who_lacks_the_news_lengthens_it_by_twice_the_age_of_the_news()
    {
        Agree(25);
        Ping(agrees: false, after: TimeSpan.FromSeconds(2.5));
        Assert.Equal(TimeSpan.FromSeconds(5.5), Min());
        Agree(99);
        Assert.Equal(TimeSpan.FromSeconds(5.5), Min());
        Agree(1);
        Assert.Equal(_spread.Least(Members), Min());
    }

    [Fact]
    public void It_is_never_longer_than_unmeasured()
    {
        Agree(25);
        Ping(agrees: false, after: (Unmeasured - Options.ProbeTimeout) / 2);
        Assert.Equal(Unmeasured, Min());
    }

    [Fact]
    public void A_ping_long_after_a_change_or_in_its_very_moment_says_nothing()
    {
        for (var i = 0; i < 50; i++) Ping(agrees: true, after: Unmeasured);
        for (var i = 0; i < 50; i++) Ping(agrees: true, after: TimeSpan.Zero);
        Assert.Equal(Unmeasured, Min());
    }

    [Fact]
    public void Where_packets_get_lost_the_options_say()
    {
        Agree(25);
        for (var i = 0; i < 10; i++) _loss.OnProbe(isLost: true);
        Assert.Equal(Unmeasured, Min());
    }

    [Fact]
    public void A_measurement_of_yesterday_no_longer_counts()
    {
        Agree(25);
        Assert.Equal(_spread.Least(Members), _spread.SuspicionMin(Members, At(Options.SpreadKept.Ticks - TimeSpan.TicksPerSecond)));
        Assert.Equal(Unmeasured, _spread.SuspicionMin(Members, At(Options.SpreadKept.Ticks + TimeSpan.TicksPerSecond)));
    }

    [Fact]
    public void A_detector_that_does_not_learn_has_fixed_suspicions()
    {
        var spread = new NewsSpread(SwimOptions.PlainSwim, _loss);
        spread.OnChange(At(0));
        for (var i = 1; i < 100; i++) spread.OnPing(agrees: true, Members, At(i));
        Assert.Equal(SwimOptions.PlainSwim.SuspicionTimeout(Members), spread.SuspicionMin(Members, At(100)));
    }

    [Fact]
    public void A_core_measures_by_pings_and_not_by_acks()
    {
        var node = OneNode.WithoutNews(20);
        node.Silent.Add(2);
        var before = node.Options.SuspicionTimeout(20);
        node.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(before, node.Core.SuspicionMin(new Now(node.Ticks, 0)));
        node.Hear(Samples.Alive(3) with { Incarnation = 1 });
        for (var i = 0; i < 25; i++)
        {
            node.Run(TimeSpan.FromMilliseconds(10));
            node.PingOfLike(4);
        }

        Assert.True(node.Core.SuspicionMin(new Now(node.Ticks, 0)) < before);
    }

    private TimeSpan Min() => _spread.SuspicionMin(Members, At(0));

    private Now At(long after) => new(_ticks + after, 0);

    private void Agree(int pings, int lackedMs = 0)
    {
        for (var i = 0; i < pings; i++) Ping(agrees: lackedMs == 0, TimeSpan.FromMilliseconds(Math.Max(1, lackedMs)));
    }

    private void Ping(bool agrees, TimeSpan after)
    {
        _spread.OnChange(At(0));
        _ticks += after.Ticks;
        _spread.OnPing(agrees, Members, At(0));
    }
}
