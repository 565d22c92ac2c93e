namespace Swim.Core.Storage;

/// <summary>What opening a log found.</summary>
/// <param name="Segments">How many files the log has.</param>
/// <param name="LastPosition">The position of the last record; 0 for an empty log.</param>
/// <param name="DroppedBytes">Bytes of the torn tail that were cut off: what a crash left of records that were never durable.</param>
/// <param name="TornFile">The file whose tail was torn, or null.</param>
/// <param name="TornOffset">Where the tail was cut, in bytes from the start of that file.</param>
/// <param name="Bytes">The bytes of all files that are in use: their headers and records.</param>
public sealed record RecoveryReport(int Segments, long LastPosition, long DroppedBytes, string? TornFile, long TornOffset, long Bytes)
{
    /// <summary>Records up to this position came from the checkpoint; 0 without one.</summary>
    public long CheckpointPosition { get; init; }

    /// <summary>Bytes of the checkpoint's files.</summary>
    public long CheckpointBytes { get; init; }

    /// <summary>How many records were replayed.</summary>
    public long Replayed { get; init; }

    /// <summary>How many buckets of the checkpoint could not be read.</summary>
    public int DamagedBuckets { get; init; }

    /// <summary>The places of the log that were durable and could not be read, the first <see cref="DamageMax"/> of them one by one.</summary>
    public IReadOnlyList<LogDamage> Damage { get; init; } = [];

    /// <summary>How many places are named.</summary>
    public const int DamageMax = 256;
}
