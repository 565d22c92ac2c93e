namespace Swim.Core.Membership;

/// <summary>
/// How far this node doubts itself: the local health multiplier of Lifeguard (Dadgar, Phillips, Currey 2018) section IV.A. A score from 0
/// (well) to <paramref name="scoreMax"/>; what it awaits of others, and the time between its probes, is stretched by one more than the
/// score. Owned by one loop.
/// </summary>
internal sealed class LocalHealth(int scoreMax)
{
    /// <summary>0 for a node that hears of nothing amiss.</summary>
    public int Score { get; private set; }

    /// <summary>A probe was answered, directly or through a helper: one better.</summary>
    public void OnAnswer() => Score = Math.Max(0, Score - 1);

    /// <summary>
    /// One worse: a probe failed, its helpers were silent too, or others found this node silent and had to be told otherwise.
    /// </summary>
    public void OnTrouble() => Score = Math.Min(scoreMax, Score + 1);

    /// <summary>What <paramref name="time"/> becomes by the present score. The paper scales both timeout and period.</summary>
    public TimeSpan Scale(TimeSpan time) => time * (1 + Score);
}
