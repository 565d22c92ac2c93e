using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Two processes that use one id outbid each other for ever. This says so to the operator, and slows the own part of the contest
/// down so that it does not flood the cluster.
/// </summary>
internal sealed class ConflictWatch(SwimOptions options)
{
    private const int FirstWaitPeriods = 5;
    private const int WaitPeriodsMax = 300;

    private readonly Dictionary<NodeId, long> _sayAgain = [];
    private long _contestAgain = long.MinValue;
    private int _waitPeriods = FirstWaitPeriods;

    /// <summary>Says that <paramref name="id"/> is used at two addresses; once per five minutes and member by default.</summary>
    public void Note(NodeId id, MemberMeta one, MemberMeta other, Now now, Outbox outbox)
    {
        if (_sayAgain.TryGetValue(id, out var again) && now.Ticks < again) return;
        _sayAgain[id] = now.After(WaitPeriodsMax * options.ProtocolPeriod);
        outbox.Notify(new IdentityConflict(id, one.GrpcAddress, other.GrpcAddress));
    }

    /// <summary>True when this node may outbid the other process now; each time it must wait twice as long, up to five minutes by default.</summary>
    public bool MayContest(Now now)
    {
        if (now.Ticks < _contestAgain) return false;
        _contestAgain = now.After(_waitPeriods * options.ProtocolPeriod);
        _waitPeriods = Math.Min(WaitPeriodsMax, 2 * _waitPeriods);
        return true;
    }
}
