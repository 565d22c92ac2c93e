using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <content>What can be seen of membership from outside; nothing here changes it.</content>
public sealed partial class MembershipCore
{
    /// <summary>What was dropped, by reason.</summary>
    public RejectCounts Rejects { get; } = new();

    /// <summary>How far this node doubts itself, from 0 (not at all) to <see cref="SwimOptions.LocalHealthMax"/>; Lifeguard section IV.A.</summary>
    public int HealthScore => _roster.Health.Score;

    /// <summary>Of 1,000 packets of membership, about how many get lost, by what the own probes show.</summary>
    public int LossPerMille => _loss.PerMille;

    /// <summary>How long a suspicion would last at least that began now; Lifeguard section IV.B.</summary>
    public TimeSpan SuspicionMin(Now now) => _spread.SuspicionMin(LiveCount, now);

    /// <summary>How the members answered last.</summary>
    public IReadOnlyList<PeerReach> Reach => _streams.Reach;

    /// <summary>How far the members are that were measured, ascending by id.</summary>
    public IReadOnlyList<PeerDistance> Distances => _roster.Distances.All;

    /// <summary>How this node's membership fares.</summary>
    public MembershipLook Look => new(HealthScore, LossPerMille, _roster.SuspicionCount, NewsCount, _views.Mismatches, _roster.Distances.Own);

    /// <summary>Packets that were sent, by kind.</summary>
    public PacketCounts PacketsSent => _postman.Sent;

    /// <summary>Packets that came and could be read, by kind.</summary>
    public PacketCounts PacketsReceived => _postman.Received;

    /// <summary>How many members there is news of to spread.</summary>
    public int NewsCount => _roster.News.Count;
}
