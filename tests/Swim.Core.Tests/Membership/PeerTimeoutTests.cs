using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Timeouts learnt of each peer; why mistakes end under any bound of delays (Chandra, Toueg 1996, eventual strong accuracy).</summary>
public sealed class PeerTimeoutTests
{
    private static readonly SwimOptions Options = new();

    private readonly PeerTimeout _peer = new(Options);

    [Fact]
    public void Until_enough_answers_are_measured_the_default_holds()
    {
        for (var i = 0; i < 4; i++) _peer.OnAnswer(Ms(10), At(i));
        Assert.Equal(Options.ProbeTimeout, _peer.Base);
        _peer.OnAnswer(Ms(10), At(5));
        Assert.Equal(Ms(40), _peer.Base);
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(50, 200)]
    [InlineData(200, 800)]
    public void A_steady_round_trip_is_awaited_four_times_and_20_ms_at_least_even_beyond_half_a_period(int rttMs, int timeoutMs)
    {
        for (var i = 0; i < 40; i++) _peer.OnAnswer(Ms(rttMs), At(i));
        Assert.Equal(Ms(timeoutMs), _peer.Base);
    }

    [Theory]
    [InlineData(60, 152.4)]
    [InlineData(400, 500)]
    public void Scatter_counts_six_fold_up_to_half_a_period(int slowMs, double timeoutMs)
    {
        // One of four is slow: mean 22.5 ms and deviation 21.65 ms in the first case.
        for (var i = 0; i < 32; i++) _peer.OnAnswer(Ms(i % 4 == 0 ? slowMs : 10), At(i));
        Assert.Equal(timeoutMs, _peer.Base.TotalMilliseconds, 1);
    }

    [Fact]
    public void Old_answers_are_forgotten()
    {
        for (var i = 0; i < 32; i++) _peer.OnAnswer(Ms(200), At(i));
        for (var i = 0; i < 32; i++) _peer.OnAnswer(Ms(1), At(i));
        Assert.Equal(Ms(20), _peer.Base);
    }

    [Fact]
    public void Each_mistake_doubles_the_penalty_up_to_its_bound_and_beyond_it_steps_go_on()
    {
        Assert.Equal(TimeSpan.Zero, _peer.Penalty(At(0)));
        foreach (var expected in new[] { 100, 200, 400, 800 })
        {
            _peer.OnMistake(At(0));
            Assert.Equal(Ms(expected), _peer.Penalty(At(0)));
        }

        for (var i = 4; i < 300; i++) _peer.OnMistake(At(0));
        Assert.Equal(Options.PenaltyDoubledMax, _peer.Penalty(At(0)));
        for (var i = 300; i < 1_000; i++) _peer.OnMistake(At(0));
        Assert.Equal(1_000 * Options.PenaltyStep, _peer.Penalty(At(0)));
    }

    [Fact]
    public void What_was_doubled_halves_slowly_and_one_step_for_each_mistake_stays()
    {
        for (var i = 0; i < 6; i++) _peer.OnMistake(At(0));
        var at = Ms(3200);
        foreach (var halvings in new[] { 0, 1, 2 })
        {
            var now = new Now(halvings * Options.PenaltyHalfLife.Ticks, 0);
            Assert.Equal(at / (1 << halvings), _peer.Penalty(now));
        }

        Assert.InRange(_peer.Penalty(new Now(Options.PenaltyHalfLife.Ticks / 2, 0)), Ms(2399), Ms(2401));
        Assert.Equal(6 * Options.PenaltyStep, _peer.Penalty(new Now(TimeSpan.FromDays(365).Ticks, 0)));
    }

    [Fact]
    public void A_late_answer_raises_the_penalty_to_what_it_needed_and_at_most_to_the_double()
    {
        _peer.OnAnswer(Options.ProbeTimeout + Ms(30), At(0));
        Assert.Equal(Ms(30), _peer.Penalty(At(0)));
        _peer.OnAnswer(TimeSpan.FromHours(1), At(0));
        Assert.Equal(Options.PenaltyStep, _peer.Penalty(At(0)));
        _peer.OnAnswer(TimeSpan.FromHours(1), At(0));
        Assert.Equal(2 * Options.PenaltyStep, _peer.Penalty(At(0)));
    }

    [Theory]
    [InlineData(3_000)]
    [InlineData(60_000)]
    public void Mistakes_about_a_peer_that_always_takes_long_end(int delayMs)
    {
        // One probe a minute for a hundred days; a mistake wherever the answer comes after the timeout.
        var mistakes = new List<int>();
        for (var probe = 0; probe < 100 * 24 * 60; probe++)
        {
            var now = new Now(probe * TimeSpan.TicksPerMinute, 0);
            var isMistake = Ms(delayMs) > _peer.Base + _peer.Penalty(now);
            _peer.OnAnswer(Ms(delayMs), now);
            if (!isMistake) continue;
            _peer.OnMistake(now);
            mistakes.Add(probe);
        }

        Assert.NotEmpty(mistakes);
        Assert.InRange(mistakes.Count, 1, delayMs / 100 + 1);
        Assert.InRange(mistakes[^1], 0, 50 * 24 * 60);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Now At(int second) => new(second * TimeSpan.TicksPerSecond, 0);
}
