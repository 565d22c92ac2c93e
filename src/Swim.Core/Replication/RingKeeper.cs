using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Ring;

namespace Swim.Core.Replication;

/// <summary>
/// Makes placements of the members: the ring by the batch window, who is up at once, and who flaps. Owned by one loop.
/// </summary>
public sealed class RingKeeper(ReplicaSettings settings)
{
    private readonly RingWindow _window = new(settings.RingQuiet, settings.RingWaitMax);
    private readonly FlapWatch _flaps = new(settings.FlapFalls, settings.FlapWithin, settings.FlapQuiet);
    private MembersSnapshot _members = MembersSnapshot.Empty;
    private Placement? _placement;

    /// <summary>How often the ring was made anew.</summary>
    public int Rounds => _window.Rounds;

    /// <summary>True while the members make another ring than the one in use.</summary>
    public bool Waits => _window.Waits;

    /// <summary>The placement for other members.</summary>
    public Placement OnMembers(Now now, MembersSnapshot members)
    {
        _members = members;
        _flaps.OnMembers(now, members);
        return Place(now);
    }

    /// <summary>Another placement without other members: a window or a quiet while has passed. Null for none; to be asked at every tick.</summary>
    public Placement? OnTick(Now now) =>
        _placement is not null && (_window.IsDue(now) || !_placement.HasFlapping(_flaps.Flapping(now))) ? Place(now) : null;

    private Placement Place(Now now)
    {
        var wanted = Placement.RingOf(settings.Self, _members);
        var ring = _window.Follow(now, wanted, WaitsForNothing(wanted));
        return _placement = Placement.Build(settings.ClusterId, settings.Replicas, settings.Self, _members, ring, _placement).WithFlapping(_flaps.Flapping(now));
    }

    // While there are fewer members than copies each that comes adds one. And a node knows of itself first: whether it leaves decides what it must hand over.
    private bool WaitsForNothing(RingMember[] wanted) =>
        _placement is { Map.Members: var inUse } && (inUse.Length < settings.Replicas || Has(inUse, settings.Self) != Has(wanted, settings.Self));

    private static bool Has(ReadOnlySpan<RingMember> ring, NodeId node)
    {
        foreach (var member in ring)
        {
            if (member.Id == node) return true;
        }

        return false;
    }
}
