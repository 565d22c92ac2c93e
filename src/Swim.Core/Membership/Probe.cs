using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>Why a member is pinged.</summary>
internal enum ProbePurpose : byte
{
    /// <summary>Its turn has come; without an answer it is suspected.</summary>
    Watch,

    /// <summary>It is dead; an answer begins its return, silence means nothing.</summary>
    Revive,

    /// <summary>Another node asked.</summary>
    Relay,

    /// <summary>To tell it at once that it is suspected (Lifeguard's buddy system); its ack brings the refutation.</summary>
    Tell,
}

/// <summary>One probe under way (SWIM section 3.1), from its first ping to the verdict.</summary>
/// <param name="Target">Who is pinged.</param>
/// <param name="Purpose">Why.</param>
/// <param name="StartedTicks">Monotonic time of the first ping.</param>
/// <param name="Origin">For a relay: who asked.</param>
/// <param name="OriginSeq">For a relay: the asker's sequence number.</param>
internal sealed record Probe(NodeId Target, ProbePurpose Purpose, long StartedTicks, NodeId Origin = default, ulong OriginSeq = 0);
