using System.Globalization;

namespace Swim.Core.Storage;

/// <summary>How buckets share the files of a checkpoint, and what those are called.</summary>
public static class Shards
{
    /// <summary>How many files a checkpoint has at most: the last one has the system bucket alone.</summary>
    public const int Count = 65;

    /// <summary>How many buckets share a file.</summary>
    public const int BucketsEach = 64;

    /// <summary>What a file is called until it is complete.</summary>
    internal const string NextName = "state-next.tmp";

    private const string Prefix = "state-", Suffix = ".part";

    /// <summary>The shard of a bucket.</summary>
    public static int Of(int bucket) => bucket / BucketsEach;

    /// <summary>The buckets of a shard, ascending.</summary>
    public static IEnumerable<int> BucketsOf(int shard) => Enumerable.Range(shard * BucketsEach, BucketsEach);

    /// <summary>The name of a shard's file in the checkpoint of <paramref name="position"/>.</summary>
    internal static string NameOf(int shard, long position) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{shard:x2}-{position:x16}{Suffix}");

    /// <summary>Which shard a file is of and as of which position, by its name; null for another file's name.</summary>
    internal static (int Shard, long Position)? TryParse(string name) =>
        IsName(name) && name.Length == Prefix.Length + 2 + 1 + 16 + Suffix.Length
        && int.TryParse(name.AsSpan(Prefix.Length, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var shard)
        && long.TryParse(name.AsSpan(Prefix.Length + 3, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var position)
            ? (shard, position)
            : null;

    /// <summary>What the file of a shard is kept as once a block in it was found damaged; the next one of that shard replaces it.</summary>
    internal static string DamagedNameOf(int shard) => string.Create(CultureInfo.InvariantCulture, $"damaged-{shard:x2}.part");

    /// <summary>True for the name of a shard's file, of whichever checkpoint.</summary>
    internal static bool IsName(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal);
}
