namespace Swim.Core.Membership;

/// <summary>
/// How many packets get lost on the way, learnt from the own probes: of each, whether the direct ping stayed unanswered though its target
/// turned out to be there. An average in which the latest thirty or so count most. Owned by one loop.
/// </summary>
internal sealed class LossMeter
{
    private const int Weight = 32;
    private const int Million = 1_000_000;

    private int _unansweredPerMillion;

    /// <summary>Of 1,000 packets, how many are lost. A ping needs two to arrive, so about half as many as of pings that stay unanswered.</summary>
    public int PerMille => _unansweredPerMillion / 2000;

    /// <summary>A member that is there answered a probe; <paramref name="isLost"/>: not the direct ping.</summary>
    public void OnProbe(bool isLost) => _unansweredPerMillion += ((isLost ? Million : 0) - _unansweredPerMillion) / Weight;
}
