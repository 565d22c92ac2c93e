using System.Diagnostics.CodeAnalysis;
using MessagePack;

namespace Swim.Core.Membership;

/// <summary>The one place that knows what reading hostile bytes may throw. Whoever reads catches it at the edge and counts a reject.</summary>
internal static class Malformed
{
    /// <summary>True for what the MessagePack reader throws on bytes that are not what was expected: wrong type, too short, out of range.</summary>
    public static bool Covers(Exception thrown) => thrown is MessagePackSerializationException or EndOfStreamException or OverflowException;

    /// <summary>Ends the reading unless <paramref name="condition"/> holds.</summary>
    public static void Unless([DoesNotReturnIf(false)] bool condition, string expectation)
    {
        if (!condition) throw new MessagePackSerializationException($"Expected that {expectation}.");
    }
}
