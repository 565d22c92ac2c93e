using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Whom to ask to ping a member that did not answer (SWIM section 3.1). Members held Alive only, those of other zones first: their way to
/// the target has the least in common with the own one. More where packets get lost.
/// </summary>
internal sealed class HelperChoice(Roster roster, SwimOptions options, Prng prng, LossMeter loss)
{
    // Enough drawn at random that other zones are among them, few enough that a large cluster costs no more than a small one.
    private const int CandidatesEach = 4;

    /// <summary>How many to ask at present.</summary>
    public int Count => options.IndirectProbes + (loss.PerMille > options.LossPerMilleHigh ? options.IndirectProbesMoreWhenLossy : 0);

    /// <summary>Up to <paramref name="count"/> members to ask about <paramref name="target"/>, none of those <paramref name="asked"/> already.</summary>
    public List<NodeId> Draw(int count, NodeId target, IReadOnlyCollection<NodeId> asked)
    {
        if (count <= 0) return [];
        var candidates = roster.Live.Draw(prng, CandidatesEach * count + asked.Count, target);
        candidates.RemoveAll(id => asked.Contains(id) || roster.Table.Find(id) is not { State: MemberState.Alive });
        prng.Shuffle(candidates);
        // Sorts stably, so the order within the own zone and outside of it stays random.
        return [.. candidates.OrderBy(IsOfOwnZone).Take(count)];
    }

    private bool IsOfOwnZone(NodeId id) => roster.Table.Find(id)!.Meta.Zone == roster.Own.Record.Meta.Zone;
}
