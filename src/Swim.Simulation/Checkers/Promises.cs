using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>The lists of checkers that scenarios use.</summary>
internal static class Promises
{
    /// <summary>Every promise about membership, state and tasks; for scenarios in which clients ask something.</summary>
    public static IReadOnlyList<IChecker> All(Workload? asked) => asked is { } work ?
    [
        new FullViewChecker(),
        new EqualViewsChecker(),
        new AllPlanChecker(),
        new AckedSurvivesCrashChecker(work),
        new EventuallyTerminalChecker(work),
        new OneVisibleResultChecker(work),
        new OutputsAreRightChecker(work),
        new OneWorkflowPerKeyChecker(work),
        new OwnersConvergeChecker(),
        new HandoffChecker(),
        new NoStateOnExOwnersChecker(),
        new DropsOnlyWhatOwnersHoldChecker(work),
        new NewOwnersAskFirstChecker(work),
        new TerminalStickyChecker(work),
        new OutcomeMovesUpOnlyChecker(work),
        new InputsAreWinnersOrFlaggedChecker(work),
        new DepsSatisfiedChecker(work),
        new NoDotReuseChecker(work.Cluster),
        new SeenOnlyAfterDurableChecker(),
        new DurableSurvivesCrashChecker(),
        new NoWriteBeforeExchangeChecker(work),
        new ContextNeverAheadOfDataChecker(work.Cluster),
        new AckMeansOwnersDurableChecker(work),
        new CreditsWithinSlotsChecker(),
        new NoFullStateForSmallDiffChecker(),
        new SyncBytesLinearInDiffChecker(),
        new BackpressureBoundedChecker(),
        new OneMajorityAttemptChecker(work),
        new MajorityClaimOnMostChecker(work),
        new HlcMonotoneChecker(work, isOverRestarts: false),
        new HlcMonotoneChecker(work, isOverRestarts: true),
        new AnyNodeAnswersChecker(work),
    ] : [];

    /// <summary>Those that hold where results depend on who ran a task, so that no output is the right one; no executor may crash.</summary>
    public static IReadOnlyList<IChecker> OfFlips(Workload work) =>
        [.. All(work).Where(static checker => checker is not OutputsAreRightChecker), new MergesAreToldChecker(work)];

    /// <summary>All, and those that hold while nodes come and nothing else happens.</summary>
    public static IReadOnlyList<IChecker> WhileGrowing(Workload? asked) => asked is { } work ? [.. All(work), new NeverNotFoundChecker(work)] : [];

    /// <summary>Those that hold while workflows are forgotten: every run may be gone.</summary>
    public static IReadOnlyList<IChecker> WhileForgetting(Workload work) =>
    [
        new FullViewChecker(),
        new EqualViewsChecker(),
        new NoResurrectionChecker(),
        new NoLiveLossChecker(work),
        new FloorMonotoneChecker(),
        new MetadataBoundedChecker(work),
        new TerminalStickyChecker(work),
        new DepsSatisfiedChecker(work),
        new OwnersConvergeChecker(),
        new HandoffChecker(),
        new NoDotReuseChecker(work.Cluster),
        new SeenOnlyAfterDurableChecker(),
        new DurableSurvivesCrashChecker(),
        new ContextNeverAheadOfDataChecker(work.Cluster),
        new CreditsWithinSlotsChecker(),
    ];

    /// <summary>Those that hold while workflows are forgotten, and of the writers that contexts name.</summary>
    public static IReadOnlyList<IChecker> OfWriters(Workload work) => [.. WhileForgetting(work), new WritersBoundedChecker(), new WritersOnlyGoOnChecker(work.Cluster), new NoStateOnExOwnersChecker()];

    /// <summary>All of them, as the cluster is after members were removed.</summary>
    public static IReadOnlyList<IChecker> AfterRemovals(Workload? work) => [.. All(work), new OneRingChecker(), new BeginsAnewChecker()];

    /// <summary>Those that hold also while a node is away for good.</summary>
    public static IReadOnlyList<IChecker> WithoutTheLost(Workload work) =>
    [
        new FullViewChecker(),
        new EqualViewsChecker(),
        new CrashedFoundByAllChecker(),
        new EventuallyTerminalChecker(work),
        new DepsSatisfiedChecker(work),
        new NoDotReuseChecker(work.Cluster),
    ];
}
