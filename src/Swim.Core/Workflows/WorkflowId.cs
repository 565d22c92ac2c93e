using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Swim.Core.Primitives;

namespace Swim.Core.Workflows;

/// <summary>
/// The identity of a run: 8 bytes that place it on the ring (from namespace and idempotency key, or random) and 8 bytes of its
/// content (canonical definition and input). Written as 32 hexadecimal digits.
/// </summary>
public readonly record struct WorkflowId(ulong Place, ulong Content) : IComparable<WorkflowId>
{
    /// <summary>The id of a submission without a key: placed by <paramref name="random"/> bits.</summary>
    public static WorkflowId FromRandom(ulong random, ReadOnlySpan<byte> definition, ReadOnlySpan<byte> input) =>
        new(random, ContentOf(definition, input));

    /// <summary>The id of a submission with a key: the same from every node.</summary>
    public static WorkflowId FromKey(string @namespace, string key, ReadOnlySpan<byte> definition, ReadOnlySpan<byte> input) =>
        new(PlaceOf(@namespace, key), ContentOf(definition, input));

    /// <summary>Where all submissions with this key are placed.</summary>
    public static ulong PlaceOf(string @namespace, string key) => StableHash.Of($"{@namespace.Length}:{@namespace}:{key}");

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out WorkflowId id)
    {
        id = default;
        if (text is not { Length: 32 }) return false;
        if (!TryHex(text.AsSpan(0, 16), out var place) || !TryHex(text.AsSpan(16), out var content)) return false;
        id = new WorkflowId(place, content);
        return true;
    }

    /// <summary>Orders by place, then content.</summary>
    public int CompareTo(WorkflowId other)
    {
        var byPlace = Place.CompareTo(other.Place);
        return byPlace != 0 ? byPlace : Content.CompareTo(other.Content);
    }

    /// <summary>Orders by place, then content.</summary>
    public static bool operator <(WorkflowId left, WorkflowId right) => left.CompareTo(right) < 0;

    /// <summary>Orders by place, then content.</summary>
    public static bool operator >(WorkflowId left, WorkflowId right) => left.CompareTo(right) > 0;

    /// <summary>Orders by place, then content.</summary>
    public static bool operator <=(WorkflowId left, WorkflowId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by place, then content.</summary>
    public static bool operator >=(WorkflowId left, WorkflowId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Place:x16}{Content:x16}");

    private static bool TryHex(ReadOnlySpan<char> digits, out ulong value) =>
        ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    // SHA-256, since the content decides whether two submissions under one key are the same.
    private static ulong ContentOf(ReadOnlySpan<byte> definition, ReadOnlySpan<byte> input)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(definition.Length.ToString(CultureInfo.InvariantCulture) + ":"));
        hash.AppendData(definition);
        hash.AppendData(input);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset());
    }
}
