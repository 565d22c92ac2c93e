using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The part of a member record that is ordered: of two standings of one member the higher one is the newer knowledge. A total
/// order, so that taking the maximum is idempotent, commutative and associative.
/// </summary>
/// <param name="Epoch">The member's boot counter.</param>
/// <param name="Incarnation">Its refutation counter within the epoch; only the member itself raises it.</param>
/// <param name="State">What is believed of it.</param>
public readonly record struct Standing(ulong Epoch, ulong Incarnation, MemberState State)
{
    /// <summary>
    /// True when <paramref name="other"/> replaces this. SWIM (Das et al. 2002) section 4.2 with boot epochs, and with one departure:
    /// a higher incarnation beats Dead as well, since a detector that can be wrong must let the wronged return.
    /// </summary>
    public bool IsBelow(Standing other) => other switch
    {
        _ when other.Epoch != Epoch => other.Epoch > Epoch,
        _ when other.HasLeft != HasLeft => other.HasLeft,
        _ when Planted.Is(Mutant.DeathIsFinal) && State == MemberState.Dead => false,
        _ when other.Incarnation != Incarnation => other.Incarnation > Incarnation,
        _ => other.State > State,
    };

    private bool HasLeft => State == MemberState.Left;
}
