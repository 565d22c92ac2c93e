using Swim.Core.Ring;

namespace Swim.Core.Replication;

/// <summary>How far an exchange with one peer has come on the side that opened it: its number, and the root that was sent.</summary>
internal sealed class RepairExchange(long number, ulong root)
{
    private bool? _isOnOneRing;

    public long Number => number;

    public ulong Root => root;

    /// <summary>The ring when it was opened.</summary>
    public ulong Ring { get; init; }

    /// <summary>True once there is an answer, while all were by the same ring.</summary>
    public bool IsOnOneRing => _isOnOneRing == true;

    /// <summary>When it was opened and answered, by the slowest clock.</summary>
    public long HeardMs { get; set; }

    /// <summary>It is about some buckets, not about all.</summary>
    public bool IsMend { get; init; }

    /// <summary>The buckets that the other is asked about whatever it takes the ring for.</summary>
    public BucketSet? Asked { get; init; }

    /// <summary>The groups of buckets that differ; null where the digests of all buckets come at once.</summary>
    public SortedSet<int>? Groups { get; set; }

    /// <summary>The digests came.</summary>
    public bool Started { get; set; }

    public bool AskedAgain { get; set; }

    public long ProgressTicks { get; set; }

    /// <summary>What is still to be asked for. A list, which gives its last as quickly as its first.</summary>
    public SortedList<int, BucketRepair> Queue { get; } = [];

    public SortedDictionary<int, BucketRepair> Pending { get; } = [];

    /// <summary>True where the digest of a bucket is to come.</summary>
    public bool AsksFor(int bucket) => Groups?.Contains(BucketGroups.Of(bucket)) != false;

    /// <summary>An answer came, by that ring and at that time.</summary>
    public void Note(ulong ring, long wallMs) => (_isOnOneRing, HeardMs) = (_isOnOneRing != false && Ring == ring, Math.Min(HeardMs, wallMs));
}
