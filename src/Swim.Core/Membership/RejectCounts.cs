namespace Swim.Core.Membership;

/// <summary>Why something received was dropped.</summary>
public enum RejectReason : byte
{
    /// <summary>Shorter than a header.</summary>
    TooShort,

    /// <summary>Longer than a packet or a push-pull body may be.</summary>
    TooLarge,

    /// <summary>Does not begin as our messages do.</summary>
    NotOurs,

    /// <summary>A version of the protocol or a flag this node does not know.</summary>
    UnknownFormat,

    /// <summary>Of another cluster.</summary>
    ForeignCluster,

    /// <summary>The body is not what its kind demands; nothing of it was used.</summary>
    Malformed,

    /// <summary>A record with metadata out of bounds; only that record was dropped.</summary>
    BadMeta,

    /// <summary>A record whose epoch or incarnation lies absurdly far ahead; only that record was dropped.</summary>
    AbsurdJump,

    /// <summary>A ping meant for another member: the sender holds an address that is ours now.</summary>
    WrongTarget,

    /// <summary>An ack or nack nobody waits for: late, doubled or forged.</summary>
    Unmatched,

    /// <summary>Our own words came back, for instance from a seed that is this node.</summary>
    FromSelf,

    /// <summary>A request for which the sender's address is not known.</summary>
    UnknownSender,

    /// <summary>A record of a new member while the table is full.</summary>
    TableFull,

    /// <summary>A request to probe for others while too many probes are under way.</summary>
    Overload,

    /// <summary>A request to a node that has stopped or left.</summary>
    Stopped,

    /// <summary>Sealed, and this node has no keys.</summary>
    Sealed,

    /// <summary>In plain, and this node has keys.</summary>
    Plain,

    /// <summary>Sealed with a key that this node does not have.</summary>
    UnknownKey,

    /// <summary>Not sealed by a holder of the key for a cluster of this name, or changed on the way.</summary>
    Forged,

    /// <summary>Came before, or is of an earlier life of its sender, or so much older than its sender's latest that this cannot be told.</summary>
    Replayed,

    /// <summary>A coordinate of a form this node does not know or far out of range; only that was dropped, the ack around it counts.</summary>
    BadCoordinate,
}

/// <summary>Counts what was dropped, by reason. Owned by one loop.</summary>
public sealed class RejectCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<RejectReason>().Length];

    /// <summary>How often something was dropped for <paramref name="reason"/>.</summary>
    public long this[RejectReason reason] => _counts[(int)reason];

    /// <summary>How much was dropped in all.</summary>
    public long Total => _counts.Sum();

    /// <summary>An independent copy, in the order of <see cref="RejectReason"/>.</summary>
    public IReadOnlyList<KeyValuePair<RejectReason, long>> Snapshot() =>
        [.. _counts.Select((count, reason) => KeyValuePair.Create((RejectReason)reason, count))];

    /// <summary>Counts one; returns the new count.</summary>
    internal long Count(RejectReason reason) => ++_counts[(int)reason];
}
