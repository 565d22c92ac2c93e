namespace Swim.Core.Membership;

/// <summary>The timers and bounds of the membership protocol. The defaults suit one data centre.</summary>
public sealed record SwimOptions
{
    /// <summary>Protocol period (SWIM section 3.1): time between probes. Default 1 s. At least twice <see cref="ProbeTimeout"/>.</summary>
    public TimeSpan ProtocolPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an answer to a ping is awaited before helpers are asked, until enough answers of that peer were measured; and then again, at least so
    /// long, before the member is suspected. Default 500 ms.
    /// </summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The shortest measured timeout: below it a scheduler's hiccup would look like silence. Default 20 ms.</summary>
    public TimeSpan ProbeTimeoutMin { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// A measured timeout is the mean round trip and this many standard deviations: whatever their distribution, at most 1 in 1 + k² answers takes
    /// longer. Default 6.
    /// </summary>
    public int TimeoutDeviations { get; init; } = 6;

    /// <summary>What a mistake about a peer adds to its timeouts for the rest of that peer's life, at the least. Default 100 ms.</summary>
    public TimeSpan PenaltyStep { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Up to where mistakes double a penalty; beyond it grows by steps. Default 30 s.</summary>
    public TimeSpan PenaltyDoubledMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the doubled penalty takes to halve. Default 10 minutes.</summary>
    public TimeSpan PenaltyHalfLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many helpers are asked to ping a member that did not answer: k of SWIM section 3.1. Default 3; 0 means none.</summary>
    public int IndirectProbes { get; init; } = 3;

    /// <summary>How many more helpers are asked while packets get lost. Default 2.</summary>
    public int IndirectProbesMoreWhenLossy { get; init; } = 2;

    /// <summary>Of 1,000 packets as many must get lost, and more, for more helpers to be asked. Default 30.</summary>
    public int LossPerMilleHigh { get; init; } = 30;

    /// <summary>
    /// From this score of the own health on a node that is asked for help recuses itself: its silence would say little. Default 3, at least 1.
    /// </summary>
    public int RecusalScore { get; init; } = 3;

    /// <summary>
    /// The worst score of the own health (Lifeguard section IV.A); timeouts and the period grow up to one more than this times. Default 8; 0 turns it off.
    /// </summary>
    public int LocalHealthMax { get; init; } = 8;

    /// <summary>A suspicion that enough others confirm lasts this times log10(members + 1) protocol periods. Default 4.</summary>
    public int SuspicionFactor { get; init; } = 4;

    /// <summary>A suspicion lasts at least this many protocol periods, for clusters of a few. Default 3.</summary>
    public int SuspicionPeriodsMin { get; init; } = 3;

    /// <summary>
    /// How long a measurement of how news spreads is good for; without one, suspicions last as long as <see cref="SuspicionFactor"/> says. What else would make it
    /// wrong is measured all the time: how many members there are, and whether packets get lost. Default 1 day.
    /// </summary>
    public TimeSpan SpreadKept { get; init; } = TimeSpan.FromDays(1);

    /// <summary>A suspicion that nobody confirms lasts this times as long as one that enough others do (Lifeguard's beta). Default 6.</summary>
    public int SuspicionMaxFactor { get; init; } = 6;

    /// <summary>How many nodes besides the first must find a member silent for the shortest suspicion (Lifeguard's K). Default 3, at most 7.</summary>
    public int SuspicionConfirmations { get; init; } = 3;

    /// <summary>
    /// About so many nodes, chosen by chance, look for themselves at once at a member that somebody else suspects, so that a suspicion is confirmed or refuted
    /// without waiting for their turns. Default 6, twice the confirmations; 0: nobody does.
    /// </summary>
    public int SuspicionChecks { get; init; } = 6;

    /// <summary>Time between rounds of gossip while there is news. Default 200 ms.</summary>
    public TimeSpan GossipPeriod { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many peers a round of gossip goes to. Default 3.</summary>
    public int GossipFanout { get; init; } = 3;

    /// <summary>How many packets one peer gets in a round when the news does not fit into one. Default 4.</summary>
    public int GossipPacketsMax { get; init; } = 4;

    /// <summary>A piece of news is sent this times ceil(log2(members + 1)) times by each node. Default 3.</summary>
    public int RetransmitFactor { get; init; } = 3;

    /// <summary>A piece of news is sent at least this often by each node, for clusters of a few. Default 8.</summary>
    public int RetransmitMin { get; init; } = 8;

    /// <summary>Time between push-pulls with a random member, drawn from half to one and a half of it. Default 30 s.</summary>
    public TimeSpan PushPullPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a push-pull may take before it counts as failed. Default 10 s.</summary>
    public TimeSpan PushPullTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time between probes of dead members. Default 30 s. The shortest is the protocol period.</summary>
    public TimeSpan DeadProbePeriodMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The first wait before seeds are asked again while none has answered; doubles up to <see cref="SeedRetryMax"/>, and each is drawn
    /// from half to one and a half of it. Short, since nodes that start together come up within moments of each other. Default 100 ms.
    /// </summary>
    public TimeSpan SeedRetryFirst { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before seeds are asked again while none has answered. Default 15 s.</summary>
    public TimeSpan SeedRetryMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time between contacts with a random seed once one has answered, for ever: it heals what nobody remembers. Default 60 s.</summary>
    public TimeSpan SeedContactPeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How late the own loop may be before what it missed is no longer held against the others. Default 500 ms.</summary>
    public TimeSpan LoopLateness { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How far wall time may jump against monotonic time between two inputs before what was seen until then is no longer held against the others. Default 1 s.
    /// </summary>
    public TimeSpan ClockJump { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From so many failures at once on, probes in a row or suspicions that nobody confirms, a node doubts itself first. Default 3, at least 2.</summary>
    public int DoubtedFailures { get; init; } = 3;

    /// <summary>How long a node that hears nobody at all takes itself for deaf before it takes the others for failed. Default 30 s.</summary>
    public TimeSpan DeafnessMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long changes are gathered before the known members are saved. Default 5 s.</summary>
    public TimeSpan PersistDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many peers a stopping node tells directly. Default 5.</summary>
    public int FarewellPeers { get; init; } = 5;

    /// <summary>The most members, in whatever state, that are kept; more are refused and counted. Default 5,000.</summary>
    public int MembersMax { get; init; } = CountMax;

    /// <summary>True: who is suspected hears of it before all else (Lifeguard section IV.C, the buddy system). Default true.</summary>
    public bool TellsSuspectFirst { get; init; } = true;

    /// <summary>True: a node that has reason to doubt its own eyes looks again before it accuses another. Default true.</summary>
    public bool DoubtsItself { get; init; } = true;

    /// <summary>
    /// True: each peer's answers and the mistakes made about it say how long it is awaited. How news spreads says how long a suspicion
    /// lasts at least. False: <see cref="ProbeTimeout"/> and <see cref="SuspicionFactor"/> for all. Default true.
    /// </summary>
    public bool LearnsTimeouts { get; init; } = true;

    /// <summary>True: acks say where the answering node stands (<see cref="Coordinate"/>). Default true.</summary>
    public bool TellsCoordinates { get; init; } = true;

    /// <summary>
    /// What to compare with: SWIM with suspicion and alpha = 5, as Lifeguard's evaluation has it. A fixed suspicion timeout, no word to
    /// the suspect first, no doubt in the own loop. Not for use.
    /// </summary>
    public static SwimOptions PlainSwim { get; } = new()
    {
        SuspicionFactor = 5,
        SuspicionPeriodsMin = 1,
        TellsSuspectFirst = false,
        LoopLateness = TimeSpan.FromDays(1),
        LocalHealthMax = 0,
        SuspicionMaxFactor = 1,
        SuspicionConfirmations = 0,
        IndirectProbesMoreWhenLossy = 0,
        LearnsTimeouts = false,
        DoubtsItself = false,
        SuspicionChecks = 0,
        ClockJump = TimeSpan.FromDays(1),
        DoubtedFailures = CountMax,
        TellsCoordinates = false,
    };

    /// <summary>
    /// What to compare with: Lifeguard with the defaults of memberlist for a local network (alpha 4, beta 6, two confirmations, health up to 8).
    /// No doubt in the own loop beyond that, no more helpers when packets get lost. Not for use.
    /// </summary>
    public static SwimOptions Memberlist { get; } = new()
    {
        SuspicionFactor = 4,
        SuspicionPeriodsMin = 1,
        SuspicionMaxFactor = 6,
        SuspicionConfirmations = 2,
        LocalHealthMax = 7,
        LoopLateness = TimeSpan.FromDays(1),
        IndirectProbesMoreWhenLossy = 0,
        RecusalScore = 8,
        LearnsTimeouts = false,
        DoubtsItself = false,
        SuspicionChecks = 0,
        ClockJump = TimeSpan.FromDays(1),
        DoubtedFailures = CountMax,
        TellsCoordinates = false,
    };

    /// <summary>True in simulations of more members than a real node may have.</summary>
    internal bool IsSimulated { get; init; }

    /// <summary>All that is wrong with them; nothing when they may be used.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var (name, duration) in Durations())
        {
            if (duration <= TimeSpan.Zero) yield return $"{name} ({duration}) must be positive.";
        }

        foreach (var (name, count, least) in Counts())
        {
            var most = IsSimulated ? SimulatedMembersMax : CountMax;
            if (count < least || count > most) yield return $"{name} ({count}) must be {least} to {most}.";
        }

        if (ProtocolPeriod < 2 * ProbeTimeout)
            yield return $"{nameof(ProtocolPeriod)} ({ProtocolPeriod}) must be at least twice {nameof(ProbeTimeout)} ({ProbeTimeout}).";
        if (ProbeTimeout < ProbeTimeoutMin)
            yield return $"{nameof(ProbeTimeout)} ({ProbeTimeout}) must be at least {nameof(ProbeTimeoutMin)} ({ProbeTimeoutMin}).";
        if (PenaltyDoubledMax < PenaltyStep)
            yield return $"{nameof(PenaltyDoubledMax)} ({PenaltyDoubledMax}) must be at least {nameof(PenaltyStep)} ({PenaltyStep}).";
        if (DeadProbePeriodMax < ProtocolPeriod)
            yield return $"{nameof(DeadProbePeriodMax)} ({DeadProbePeriodMax}) must be at least {nameof(ProtocolPeriod)} ({ProtocolPeriod}).";
        if (SeedRetryMax < SeedRetryFirst)
            yield return $"{nameof(SeedRetryMax)} ({SeedRetryMax}) must be at least {nameof(SeedRetryFirst)} ({SeedRetryFirst}).";
        if (SuspicionConfirmations >= RecordCodec.AccusersMax)
            yield return $"{nameof(SuspicionConfirmations)} ({SuspicionConfirmations}) must be below {RecordCodec.AccusersMax}: a rumour names no more accusers.";
    }

    /// <summary>
    /// How long a suspicion lasts that <paramref name="confirmations"/> nodes besides the first accuser confirm, among <paramref name="members"/>
    /// live members: Max - (Max - Min) ln(C + 1) / ln(K + 1) of Lifeguard section IV.B. A cluster of a few has fewer than K who could
    /// confirm: there all of them are enough. Min grows by <paramref name="penalty"/>.
    /// </summary>
    public TimeSpan SuspicionTimeout(int members, int confirmations, TimeSpan penalty = default) =>
        SuspicionTimeout(SuspicionTimeout(members) + penalty, members, confirmations);

    /// <summary>The same for a suspicion that lasts <paramref name="min"/> at least.</summary>
    internal TimeSpan SuspicionTimeout(TimeSpan min, int members, int confirmations)
    {
        var enough = ConfirmationsEnough(members);
        if (enough <= 0 || confirmations >= enough) return min;
        var thousandths = (long)Math.Round(1000 * Math.Log(confirmations + 1) / Math.Log(enough + 1));
        var max = SuspicionMaxFactor * min;
        return max - (max - min) / 1000 * thousandths;
    }

    /// <summary>How many confirmations make a suspicion the shortest among <paramref name="members"/> live members: 0 where nobody else could confirm.</summary>
    public int ConfirmationsEnough(int members) => Math.Max(0, Math.Min(SuspicionConfirmations, members - 2));

    /// <summary>How long a suspicion lasts at least among <paramref name="members"/> live members.</summary>
    public TimeSpan SuspicionTimeout(int members)
    {
        var thousandths = Math.Max(SuspicionPeriodsMin * 1000L, (long)Math.Round(SuspicionFactor * 1000 * Math.Log10(members + 1)));
        return ProtocolPeriod / 1000 * thousandths;
    }

    /// <summary>How often a piece of news is sent by each of <paramref name="members"/> live members: lambda log n of SWIM section 4.1.</summary>
    public int RetransmitBudget(int members) =>
        Math.Max(RetransmitMin, RetransmitFactor * (32 - int.LeadingZeroCount(members)));

    // So many records at their longest still fit into one push-pull body; no other count comes near it.
    private const int CountMax = 5_000;

    // Beyond that only simulations go, whose records are short.
    private const int SimulatedMembersMax = 20_000;

    private IEnumerable<(string Name, TimeSpan Duration)> Durations() =>
    [
        (nameof(ProtocolPeriod), ProtocolPeriod), (nameof(ProbeTimeout), ProbeTimeout), (nameof(ProbeTimeoutMin), ProbeTimeoutMin), (nameof(PenaltyStep), PenaltyStep),
        (nameof(PenaltyDoubledMax), PenaltyDoubledMax), (nameof(PenaltyHalfLife), PenaltyHalfLife), (nameof(GossipPeriod), GossipPeriod),
        (nameof(PushPullPeriod), PushPullPeriod), (nameof(PushPullTimeout), PushPullTimeout), (nameof(DeadProbePeriodMax), DeadProbePeriodMax),
        (nameof(SeedRetryFirst), SeedRetryFirst), (nameof(SeedRetryMax), SeedRetryMax), (nameof(SeedContactPeriod), SeedContactPeriod),
        (nameof(LoopLateness), LoopLateness), (nameof(SpreadKept), SpreadKept), (nameof(DeafnessMax), DeafnessMax), (nameof(ClockJump), ClockJump), (nameof(PersistDelay), PersistDelay),
    ];

    private IEnumerable<(string Name, int Count, int Least)> Counts() =>
    [
        (nameof(IndirectProbes), IndirectProbes, 0), (nameof(LocalHealthMax), LocalHealthMax, 0), (nameof(TimeoutDeviations), TimeoutDeviations, 1), (nameof(DoubtedFailures), DoubtedFailures, 2),
        (nameof(IndirectProbesMoreWhenLossy), IndirectProbesMoreWhenLossy, 0), (nameof(LossPerMilleHigh), LossPerMilleHigh, 0), (nameof(RecusalScore), RecusalScore, 1),
        (nameof(SuspicionFactor), SuspicionFactor, 1), (nameof(SuspicionPeriodsMin), SuspicionPeriodsMin, 1),
        (nameof(SuspicionMaxFactor), SuspicionMaxFactor, 1), (nameof(SuspicionConfirmations), SuspicionConfirmations, 0), (nameof(SuspicionChecks), SuspicionChecks, 0),
        (nameof(GossipFanout), GossipFanout, 1), (nameof(GossipPacketsMax), GossipPacketsMax, 1), (nameof(RetransmitFactor), RetransmitFactor, 1),
        (nameof(RetransmitMin), RetransmitMin, 1), (nameof(FarewellPeers), FarewellPeers, 0), (nameof(MembersMax), MembersMax, 1),
    ];
}
