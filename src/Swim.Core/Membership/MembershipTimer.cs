namespace Swim.Core.Membership;

/// <summary>The kinds of <see cref="Hosting.NodeTimer"/> of this core. The token of each is its due time, so a late one is recognised.</summary>
internal enum MembershipTimer
{
    /// <summary>Start the next probe.</summary>
    Period = 1,

    /// <summary>Send a round of gossip.</summary>
    Gossip,

    /// <summary>No direct answer to the probe with this sequence number.</summary>
    ProbeDirect,

    /// <summary>No indirect answer either.</summary>
    ProbeIndirect,

    /// <summary>Tell who asked us to probe that there was no answer so far.</summary>
    RelayNack,

    /// <summary>Forget the probe with this sequence number.</summary>
    ProbeEnd,

    /// <summary>The suspicion of this member ran out.</summary>
    Suspicion,

    /// <summary>Probe one of the dead.</summary>
    DeadProbe,

    /// <summary>Push-pull with a random member.</summary>
    PushPull,

    /// <summary>Contact seeds.</summary>
    Seeds,

    /// <summary>Save the known members.</summary>
    Persist,
}
