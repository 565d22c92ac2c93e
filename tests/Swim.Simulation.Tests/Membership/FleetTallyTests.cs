using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Simulation.Membership;
using Xunit;

namespace Swim.Simulation.Tests.Membership;

/// <summary>What counts as a mistake: notices made by hand, held against a fleet of four.</summary>
public sealed class FleetTallyTests
{
    private readonly Fleet _fleet = new(4, 1, new SwimOptions());

    public FleetTallyTests() => _fleet.StartTogether(4);

    [Fact]
    public void A_death_of_one_that_runs_is_false_and_counts_for_healthy_only_where_the_observer_is()
    {
        _fleet.Tally.MarkFaulty(3);
        Say(0, Died(1));
        Say(3, Died(1));
        Say(3, Suspected(2));
        Assert.Equal((2, 1), _fleet.Tally.FalseDeaths);
        Assert.Equal((1, 0), _fleet.Tally.FalseSuspicions);
        Assert.Equal(1, _fleet.Tally.HealthyRemoved);
    }

    [Fact]
    public void A_death_of_a_faulty_one_is_counted_apart_and_that_of_a_crashed_one_is_a_detection()
    {
        _fleet.Tally.MarkFaulty(3);
        Say(0, Died(3));
        _fleet.Crash(2);
        Say(0, Died(2));
        Assert.Equal((0, 0), _fleet.Tally.FalseDeaths);
        Assert.Equal(1, _fleet.Tally.DeathsOfFaulty);
        Assert.NotNull(Assert.Single(_fleet.Tally.Detections).First);
    }

    [Fact]
    public void A_crash_that_one_node_did_not_notice_is_incomplete()
    {
        _fleet.Crash(2);
        Assert.Equal(3, _fleet.Tally.Undetected());
        var run = new FleetRun(4, 1, Baseline.Ours);
        run.Fleet.StartTogether(4);
        run.Fleet.Crash(2);
        run.CheckComplete();
        Assert.NotNull(run.Checks["CrashedFoundByAll"]);
    }

    [Fact]
    public void A_mistake_after_stabilisation_breaks_eventual_accuracy_and_one_before_does_not()
    {
        var run = new FleetRun(4, 1, Baseline.Ours);
        run.Fleet.StartTogether(4);
        run.Tally.OnNotice(0, new MemberSuspected(run.Fleet.IdOf(1), "", 0));
        run.Tally.MarkStable();
        run.CheckAccurate();
        Assert.Null(run.Checks["EventuallyAccurate"]);
        run.Tally.OnNotice(0, new MemberSuspected(run.Fleet.IdOf(1), "", 0));
        run.CheckAccurate();
        Assert.NotNull(run.Checks["EventuallyAccurate"]);
    }

    [Fact]
    public void A_change_of_mind_counts_for_the_observer_and_the_pair()
    {
        Say(0, Died(1));
        Say(0, new MemberRefuted(_fleet.IdOf(1), "", 1, MemberState.Dead));
        Say(0, new MemberRefuted(_fleet.IdOf(1), "", 2, MemberState.Suspect));
        Say(0, Died(2));
        Assert.Equal(3, _fleet.Tally.FlipsOf[0]);
        Assert.Equal(2, _fleet.Tally.FlipsOfPairMax);
    }

    private MemberDied Died(int place) => new(_fleet.IdOf(place), "", 0);

    private MemberSuspected Suspected(int place) => new(_fleet.IdOf(place), "", 0);

    private void Say(int observer, Notice notice) => _fleet.Tally.OnNotice(observer, notice);
}
