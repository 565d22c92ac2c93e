namespace Swim.Core.Membership;

/// <summary>How a node's membership fares at one moment.</summary>
/// <param name="HealthScore">As <see cref="MembershipCore.HealthScore"/>.</param>
/// <param name="LossPerMille">As <see cref="MembershipCore.LossPerMille"/>.</param>
/// <param name="Suspicions">How many suspicions run.</param>
/// <param name="News">How many members there is news of to spread.</param>
/// <param name="ViewMismatches">How many answers came of members that held other records, since the start.</param>
/// <param name="Coordinate">Where this node stands.</param>
public sealed record MembershipLook(int HealthScore, int LossPerMille, int Suspicions, int News, long ViewMismatches, Coordinate Coordinate);
