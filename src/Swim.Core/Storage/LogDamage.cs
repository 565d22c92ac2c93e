namespace Swim.Core.Storage;

/// <summary>A place of the log that was durable and cannot be read.</summary>
/// <param name="File">The file; for records of a file that is missing, the one that should come after them.</param>
/// <param name="Offset">Where it begins, in bytes from the start of the file.</param>
/// <param name="Bytes">How many bytes cannot be read; 0 where they are missing.</param>
/// <param name="First">The position of the first record lost.</param>
/// <param name="Last">The position of the last one; before <paramref name="First"/> where none was lost.</param>
/// <param name="Buckets">The buckets that those may have touched; null when it may be any.</param>
public sealed record LogDamage(string File, long Offset, long Bytes, long First, long Last, IReadOnlyList<int>? Buckets)
{
    /// <summary>How many records were lost.</summary>
    public long Records => Last - First + 1;
}
