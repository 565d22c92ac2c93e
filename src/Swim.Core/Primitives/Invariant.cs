using System.Diagnostics.CodeAnalysis;

namespace Swim.Core.Primitives;

/// <summary>A rule that only a mistake in this program can break; on in Release too. The host's loop ends the process when one breaks.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantException"/> naming <paramref name="rule"/> unless <paramref name="condition"/> is true.</summary>
    public static void Holds([DoesNotReturnIf(false)] bool condition, string rule)
    {
        if (!condition) throw new InvariantException(rule);
    }
}

/// <summary>An <see cref="Invariant"/> was broken: a bug in this program, never a consequence of input.</summary>
public sealed class InvariantException(string rule) : Exception($"Invariant broken: {rule}.");
