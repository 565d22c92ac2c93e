namespace Swim.Core.Membership;

/// <summary>Why a node does not trust what it sees of a member.</summary>
public enum DoubtReason : byte
{
    /// <summary>The member itself was heard of meanwhile: it is there, even if it does not answer.</summary>
    RecentTraffic,

    /// <summary>No helper said anything either: what is deaf may be this node.</summary>
    NacksMissing,

    /// <summary>One member after the other seems to fail: they may all be well and this node be cut off.</summary>
    SeveralAtOnce,

    /// <summary>Nobody at all was heard of lately: what is deaf is this node.</summary>
    HearsNobody,
}

/// <summary>
/// Doubts about the own sight before a member is accused. Each but recent traffic delays the accusation by one more probe and no longer: a node that is
/// really alone must come to say so.
/// </summary>
internal sealed class SelfDoubt(SwimOptions options)
{
    private int _failedInRow;

    /// <summary>A probe was answered.</summary>
    public void OnAnswer() => _failedInRow = 0;

    /// <summary>
    /// A probe was not answered, and its target <paramref name="wasHeard"/> meanwhile or not. Null when that may be held against it: where the
    /// silence <paramref name="isShared"/>, found by others too, there is no reason to doubt the own sight.
    /// </summary>
    public DoubtReason? OnSilence(Probe probe, bool isShared, bool wasHeard)
    {
        if (!options.DoubtsItself) return null;
        if (!probe.IsSecond && !isShared) _failedInRow++;
        return probe switch
        {
            _ when wasHeard => DoubtReason.RecentTraffic,
            _ when isShared => null,
            { IsSecond: true } => null,
            { AreAllNacksMissing: true } => DoubtReason.NacksMissing,
            _ when _failedInRow >= options.DoubtedFailures => DoubtReason.SeveralAtOnce,
            _ => null,
        };
    }
}
