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
/// <param name="target">Who is pinged.</param>
/// <param name="purpose">Why.</param>
/// <param name="startedTicks">Monotonic time of the first ping.</param>
/// <param name="origin">For a relay: who asked.</param>
/// <param name="originSeq">For a relay: the asker's sequence number.</param>
internal sealed class Probe(NodeId target, ProbePurpose purpose, long startedTicks, NodeId origin = default, ulong originSeq = 0)
{
    private readonly List<NodeId> _asked = [];
    private readonly List<NodeId> _owing = [];

    /// <summary>Who is pinged.</summary>
    public NodeId Target => target;

    /// <summary>Why.</summary>
    public ProbePurpose Purpose => purpose;

    /// <summary>Monotonic time of the first ping.</summary>
    public long StartedTicks => startedTicks;

    /// <summary>For a relay: who asked.</summary>
    public NodeId Origin => origin;

    /// <summary>For a relay: the asker's sequence number.</summary>
    public ulong OriginSeq => originSeq;

    /// <summary>True for one that was begun because an earlier one's silence was doubted.</summary>
    public bool IsSecond { get; init; }

    /// <summary>The number of its first ping, and of the whole towards helpers.</summary>
    public ulong Seq { get; set; }

    /// <summary>The number of the repeated ping; 0 while the first may still be answered in time.</summary>
    public ulong RepeatSeq { get; set; }

    /// <summary>Monotonic time of the repeated ping.</summary>
    public long RepeatedTicks { get; set; }

    /// <summary>When the ping with this number went out.</summary>
    public long SentTicks(ulong seq) => seq == RepeatSeq ? RepeatedTicks : startedTicks;

    /// <summary>The helpers that were asked.</summary>
    public IReadOnlyCollection<NodeId> Asked => _asked;

    /// <summary>True when a helper did not even say that it had no answer (a missing nack of Lifeguard section IV.A).</summary>
    public bool IsNackMissing => _owing.Count > 0;

    /// <summary>True when there were helpers and none of them was heard of.</summary>
    public bool AreAllNacksMissing => _owing.Count > 0 && _owing.Count == _asked.Count;

    /// <summary>A helper is asked; <paramref name="owesNack"/>: there is time enough for its nack.</summary>
    public void Ask(NodeId helper, bool owesNack)
    {
        _asked.Add(helper);
        if (owesNack) _owing.Add(helper);
    }

    /// <summary>A helper was heard of. False when it was not asked.</summary>
    public bool HeardOf(NodeId helper)
    {
        _owing.Remove(helper);
        return _asked.Contains(helper);
    }
}
