using System.Buffers;

namespace Grpc.Core;

/// <summary>The rules of a metadata key (gRPC over HTTP/2, "Custom-Metadata").</summary>
internal static class MetadataKey
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    public static string Normalise(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.AsSpan().ContainsAnyExcept(Allowed)
            ? throw new ArgumentException($"Metadata key '{key}' may hold only letters, digits, '_', '-' and '.'.", nameof(key))
            : key.ToLowerInvariant();
    }

    public static bool AreEqual(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    public static bool IsBinary(string key) => key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);
}
