namespace Swim.Core.Primitives;

/// <summary>The bugs that can be planted, each at one line of the code, to see whether the checkers of the simulator see it.</summary>
internal enum Mutant : byte
{
    /// <summary>The code as it is.</summary>
    None,

    /// <summary>A task's status is a register in which the latest stamp wins.</summary>
    LastWriterWinsStatus,

    /// <summary>Messages and answers leave before the record they tell of is durable.</summary>
    OutputsBeforeDurable,

    /// <summary>The log's writer reports records as durable when it takes them, before its sync.</summary>
    AckBeforeSync,

    /// <summary>The log writes and never syncs the data.</summary>
    FlushWithoutSync,

    /// <summary>A new file of the log gets its name without a sync of the directory.</summary>
    NoDirectorySync,

    /// <summary>After a restart a node numbers its writes from 1 again, under the same writer id, and does not mind that others have seen later ones.</summary>
    DotsBeginAnew,

    /// <summary>Of two cells the one that came last stands: merging is not commutative.</summary>
    LastArrivalWins,

    /// <summary>Of two ends of a task each replica keeps the one it saw first.</summary>
    TwoWinners,

    /// <summary>What cannot be read from the disk is passed over without a doubt.</summary>
    DamageForgotten,

    /// <summary>The clock follows every stamp it sees, from however far ahead.</summary>
    PoisonFollowed,

    /// <summary>After a restart the clock knows nothing of the stamps it gave out.</summary>
    StampsForgotten,

    /// <summary>A node whose clock is off originates as others do.</summary>
    ClockOffIgnored,

    /// <summary>A result's cell is neither logged nor pushed; the success that names it is.</summary>
    ResultLost,

    /// <summary>A push beyond a gap closes the gap: the context is ahead of the cells.</summary>
    ContextAheadOfData,

    /// <summary>A node whose disk was set back does not notice that others have seen later writes of its own.</summary>
    RollbackUnseen,

    /// <summary>A repair sends its context first, and the cells after it in a message of their own.</summary>
    RepairContextFirst,

    /// <summary>A repair exchange names what differs and sends none of it.</summary>
    RepairSendsNothing,

    /// <summary>Repair sends all that is held, whatever the asker has seen.</summary>
    RepairSendsAll,

    /// <summary>A push counts as acknowledged when it is sent.</summary>
    AckWithoutHolder,

    /// <summary>A node that takes all others for dead acknowledges with its own disk alone.</summary>
    AloneCountsForTwo,

    /// <summary>The planner takes a task for ready when one of its dependencies has succeeded.</summary>
    PlansBeforeDependencies,

    /// <summary>A planner plans before it exchanged state with anybody.</summary>
    PlansBeforeExchange,

    /// <summary>A cancelled workflow's running attempts are not stopped.</summary>
    StopForgotten,

    /// <summary>A claim whose executor is gone is waited for.</summary>
    LostClaimKept,

    /// <summary>An executor grants slots that it has granted already.</summary>
    CreditsTwice,

    /// <summary>A bucket that is handed over is dropped when the first of its home owners has it.</summary>
    DropsAfterFirstAck,

    /// <summary>A node that drops a bucket forgets how many writes of its own it made there.</summary>
    DropForgetsOwnWrites,

    /// <summary>A new home owner says of what it has not got yet that it is not there.</summary>
    NewOwnerKnowsNothing,

    /// <summary>A new owner takes the answer of a member on another ring for its last word: what that one takes in later never reaches it.</summary>
    NewOwnerTrustsOtherRings,

    /// <summary>A new home owner plans at once.</summary>
    NewOwnerPlansAtOnce,

    /// <summary>An idempotency key belongs to the workflow that came to this node last.</summary>
    KeyByArrival,

    /// <summary>A workflow is collected at the end of its retention, whoever was not heard of since its end.</summary>
    CollectedUnheard,

    /// <summary>A tombstone is dropped once it is as old as G, and no floor rises.</summary>
    TombstoneByAge,

    /// <summary>A tombstone of a workflow below the horizon is dropped whether or not every home owner has it.</summary>
    TombstoneUnacked,

    /// <summary>An entry of a writer that was given up retires although not everything as old is known.</summary>
    RetiredUnheard,

    /// <summary>An entry that retired is learned again from whoever still has it.</summary>
    RetiredLearnedAgain,

    /// <summary>A node goes on under a writer id though others know a later one of its own.</summary>
    GivenUpWriterGoesOn,

    /// <summary>The floor follows the clock less G, whoever was not heard of.</summary>
    FloorWithoutRepair,

    /// <summary>The floor does not wait for members that are down.</summary>
    FloorWithoutTheDead,

    /// <summary>A voter gives a lease on a task that another token has.</summary>
    VotesTwice,

    /// <summary>After a restart a voter votes at once on what it may have voted on before.</summary>
    VoteForgotten,

    /// <summary>Those that act for the bucket vote, stand-ins too, instead of those that the workflow names.</summary>
    StandInVotes,

    /// <summary>A majority's claim is dispatched before it is on most home owners' disks.</summary>
    ClaimBeforeDurable,

    /// <summary>An executor goes on with an attempt whose lease has run out.</summary>
    LeaseEndless,

    /// <summary>An executor's lease ends with the voters', without the allowance for clocks that differ.</summary>
    LeaseWithoutAllowance,

    /// <summary>Who is suspected or declared dead does not raise its incarnation.</summary>
    NoRefutation,

    /// <summary>Dead beats every incarnation of alive.</summary>
    DeathIsFinal,

    /// <summary>A suspicion never runs out.</summary>
    SuspicionEndless,

    /// <summary>Who does not answer by UDP is not asked over gRPC.</summary>
    NoStreamProbes,

    /// <summary>Who was given a result that another one displaced is neither flagged nor answered.</summary>
    StaleInputsUnseen,

    /// <summary>A task that is to run again stays in its generation.</summary>
    RerunSameGeneration,

    /// <summary>A later claim of a task undoes its end.</summary>
    LaterAttemptReopens,

    /// <summary>Rumours leave before the record they tell of is durable.</summary>
    GossipBeforeDurable,

    /// <summary>A removed member keeps its place on the ring at some nodes.</summary>
    RemovedKeepsPlace,

    /// <summary>A removed node that comes back goes on with the state and the writer id it had.</summary>
    RemovedKeepsState,

    /// <summary>A mistake about a member lengthens no timeout.</summary>
    PenaltyForgotten,

    /// <summary>A suspicion leaves no time for a refutation to come round.</summary>
    SuspicionWithoutRefutation,

    /// <summary>A node that hears nobody takes all others for failed.</summary>
    DeafAccuses,
}

/// <summary>
/// Which bug is planted in what runs on this thread: none, unless a test says so. The code asks at the one line that a bug would change.
/// A place of its own on each thread, since orders of values have no settings that could carry it. Only the simulator and tests can plant one.
/// </summary>
internal static class Planted
{
    [ThreadStatic]
    private static Mutant _mutant;

    /// <summary>True when that bug is planted.</summary>
    public static bool Is(Mutant mutant) => _mutant == mutant;

    /// <summary>Runs something with a bug planted; afterwards there is none.</summary>
    public static T Run<T>(Mutant mutant, Func<T> run)
    {
        Invariant.Holds(_mutant == Mutant.None, "one bug is planted at a time");
        try
        {
            _mutant = mutant;
            return run();
        }
        finally
        {
            _mutant = Mutant.None;
        }
    }
}
