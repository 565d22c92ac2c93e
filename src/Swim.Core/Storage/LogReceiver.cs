namespace Swim.Core.Storage;

/// <summary>
/// Who takes in what a log holds when it is opened: first the newest checkpoint, then the records. Bytes are valid only during the call. A
/// record may tell again what a block told: both are to be merged. Damage is told where it is met, so what came before it was whole.
/// </summary>
/// <param name="OnRecord">A record and its position.</param>
public sealed record LogReceiver(Action<long, ReadOnlyMemory<byte>> OnRecord)
{
    /// <summary>What the checkpoint says of the node as a whole.</summary>
    public required Action<ReadOnlyMemory<byte>> OnMeta { get; init; }

    /// <summary>The state of a bucket.</summary>
    public required Action<int, ReadOnlyMemory<byte>> OnBlock { get; init; }

    /// <summary>A part of the state of this bucket, or all of it, cannot be read: only others still have it.</summary>
    public required Action<int> OnDamagedBucket { get; init; }

    /// <summary>As above, for every bucket there may be: nobody can tell whose state it was.</summary>
    public required Action OnAllDamaged { get; init; }

    /// <summary>For whoever wants to know only whether it can be read.</summary>
    public static LogReceiver OfNobody { get; } = new(static (_, _) => { })
    {
        OnMeta = static _ => { },
        OnBlock = static (_, _) => { },
        OnDamagedBucket = static _ => { },
        OnAllDamaged = static () => { },
    };

    /// <summary>For a log that never had a checkpoint: finding one breaks the rule of whoever opens it.</summary>
    public static LogReceiver WithoutCheckpoint(Action<ReadOnlyMemory<byte>> onRecord) => new((_, record) => onRecord(record))
    {
        OnMeta = static _ => Primitives.Invariant.Holds(false, "this log has no checkpoint"),
        OnBlock = static (_, _) => { },
        OnDamagedBucket = static _ => { },
        OnAllDamaged = static () => { },
    };
}
