using System.Globalization;

namespace Swim.Core.Crdt;

/// <summary>
/// One write: the <paramref name="Actor"/> that made it and its number, contiguous from 1 per bucket and actor.
/// Dotted version vectors (Preguiça et al. 2010). The bucket is known from where the dot stands.
/// </summary>
public readonly record struct Dot(ulong Actor, ulong Seq) : IComparable<Dot>
{
    /// <summary>Orders by actor, then number.</summary>
    public int CompareTo(Dot other)
    {
        var byActor = Actor.CompareTo(other.Actor);
        return byActor != 0 ? byActor : Seq.CompareTo(other.Seq);
    }

    /// <summary>Orders by actor, then number.</summary>
    public static bool operator <(Dot left, Dot right) => left.CompareTo(right) < 0;

    /// <summary>Orders by actor, then number.</summary>
    public static bool operator >(Dot left, Dot right) => left.CompareTo(right) > 0;

    /// <summary>Orders by actor, then number.</summary>
    public static bool operator <=(Dot left, Dot right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by actor, then number.</summary>
    public static bool operator >=(Dot left, Dot right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Actor:x16}:{Seq}");
}
