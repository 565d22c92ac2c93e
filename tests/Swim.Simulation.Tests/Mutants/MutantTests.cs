using Swim.Core.Primitives;
using Swim.Simulation.Mutants;
using Xunit;

namespace Swim.Simulation.Tests.Mutants;

/// <summary>The checkers see planted bugs: a few that one run shows, each by the checker it is meant for. All of them: <c>scripts/sim.sh --mutants</c>.</summary>
public sealed class MutantTests
{
    private const ulong RestartOfAll = 1;
    private const ulong MixOfFaults = 2;

    [Theory]
    [InlineData("OutputsBeforeDurable", RestartOfAll, "SeenOnlyAfterDurable")]
    [InlineData("NoDirectorySync", RestartOfAll, "DurableSurvivesCrash")]
    [InlineData("PlansBeforeDependencies", RestartOfAll, "NoStartBeforeDepsSatisfied")]
    [InlineData("AckWithoutHolder", MixOfFaults, "AckMeansOwnersDurable")]
    [InlineData("NewOwnerTrustsOtherRings", 9, "NeverNotFound")]
    [InlineData("AloneCountsForTwo", 8, "AckMeansOwnersDurable")]
    [InlineData("CreditsTwice", RestartOfAll, "CreditsWithinSlots")]
    [InlineData("ClaimBeforeDurable", 1, "MajorityClaimOnMostOwners")]
    [InlineData("VotesTwice", 7, "AtMostOneUnexpiredMajorityClaim")]
    [InlineData("RetiredLearnedAgain", 1, "WritersOnlyGoOn")]
    [InlineData("StaleInputsUnseen", 1, "InputsAreWinnersOrFlagged")]
    [InlineData("RerunSameGeneration", 1, "InputsAreWinnersOrFlagged")]
    [InlineData("PenaltyForgotten", 1, "EventuallyAccurate")]
    [InlineData("SuspicionWithoutRefutation", 1, "AtMostOneTransition")]
    [InlineData("DeafAccuses", 1, "AtMostOneTransition")]
    public void A_planted_bug_is_seen_by_the_checker_of_its_promise(string name, ulong seed, string checker) =>
        Assert.Contains(checker, MutantHunt.Broken(MutantHunt.Find(name)!.Value, seed).Select(static broken => broken.Key));

    [Fact]
    public void Without_a_bug_the_same_run_breaks_nothing() => Assert.Equal([], MutantHunt.Broken(Mutant.None, RestartOfAll));

    [Fact]
    public void A_planted_bug_is_gone_after_its_run()
    {
        Assert.True(Planted.Run(Mutant.CreditsTwice, static () => Planted.Is(Mutant.CreditsTwice)));
        Assert.False(Planted.Is(Mutant.CreditsTwice));
    }
}
