using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// What one node knows of a member. Records of one member are totally ordered; the greater is the newer knowledge.
/// </summary>
/// <param name="Id">The member.</param>
/// <param name="Epoch">Its boot counter, persisted by it and raised at every start.</param>
/// <param name="Incarnation">Its refutation counter within the epoch.</param>
/// <param name="State">What is believed of it.</param>
/// <param name="Meta">What it said of itself at that epoch and incarnation.</param>
public sealed record MemberRecord(NodeId Id, ulong Epoch, ulong Incarnation, MemberState State, MemberMeta Meta)
{
    /// <summary>The ordered part.</summary>
    public Standing Standing => new(Epoch, Incarnation, State);

    /// <summary>True for a member that takes part: Alive or Suspect.</summary>
    public bool IsLive => State is MemberState.Alive or MemberState.Suspect;

    /// <summary>
    /// True when <paramref name="rumour"/> must replace this record. Metadata decides only between two records that contradict each
    /// other, as two processes with one identity make them.
    /// </summary>
    public bool IsSupersededBy(MemberRecord rumour) =>
        Standing == rumour.Standing ? Meta != rumour.Meta && MemberMeta.Compare(Meta, rumour.Meta) < 0 : Standing.IsBelow(rumour.Standing);
}
