using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>What a node's state core is told once.</summary>
/// <param name="Self">This node.</param>
/// <param name="ClusterId">Seeds the ring.</param>
/// <param name="Replicas">R, the home owners of a bucket; at least 1, or <see cref="AllMembers"/>.</param>
public sealed record ReplicaSettings(NodeId Self, ulong ClusterId, int Replicas = 3)
{
    /// <summary>Buckets with more owners than this spread their writes by gossip instead of by a push to each: 5.</summary>
    public const int PushedOwnersMax = 5;

    /// <summary>As <see cref="Replicas"/>: every member is a home owner of every bucket.</summary>
    public const int AllMembers = int.MaxValue;

    /// <summary>Time between two rounds of gossip while there is news: 3 ms.</summary>
    public TimeSpan GossipPeriod { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>The ring follows the members once none came or went for so long: 500 ms. Zero: at once.</summary>
    public TimeSpan RingQuiet { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The ring follows them after so long even where they go on coming: 2 s.</summary>
    public TimeSpan RingWaitMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A member that was taken for dead so often within <see cref="FlapWithin"/> flaps: 3 times.</summary>
    public int FlapFalls { get; init; } = 3;

    /// <summary>See <see cref="FlapFalls"/>: 10 minutes.</summary>
    public TimeSpan FlapWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>It gets new work again so long after it was last taken for dead: 5 minutes.</summary>
    public TimeSpan FlapQuiet { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long workflows are kept.</summary>
    public ForgettingOptions Forgetting { get; init; } = new();

    /// <summary>A command goes to the next owner after so long without an answer: 250 ms.</summary>
    public TimeSpan ForwardTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A command that no owner answers is refused after so long: 5 s.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A list is answered after so long with what came: 2 s. Longer than <see cref="ReadyTimeout"/>, so that a node that joins leaves no gap.</summary>
    public TimeSpan ListTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A submission is answered after so long with the level reached: 1 s. As long, a new end waits to be shown until it is durable enough.</summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A claim whose executor was not heard of for so long is lost: 10 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A dispatch is sent again after so long without a sign of it: 1.5 s.</summary>
    public TimeSpan DispatchResend { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>An owner that starts or returns plans after a repair exchange with the others, or after so long without one: 1 s.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Mean time between repair exchanges with a peer chosen at random: 1.5 s, jittered by a third.</summary>
    public TimeSpan RepairPeriod { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>A push that is not acknowledged for so long is mended by a repair exchange of its bucket: 500 ms.</summary>
    public TimeSpan PushTimeout { get; init; } = TimeSpan.FromMilliseconds(500);
}
