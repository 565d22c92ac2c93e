using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>Which other members were up when last looked at: who is back, and who was never heard of before.</summary>
internal sealed class SeenPeers
{
    private readonly SortedDictionary<NodeId, bool> _isDown = [];

    /// <summary>Those that are up now and were down before, and those that are up and new.</summary>
    public (List<NodeId> Returned, List<NodeId> Strangers) OnPlacement(Placement placement)
    {
        var up = placement.LivePeers.ToList();
        var seen = (up.Where(peer => _isDown.GetValueOrDefault(peer)).ToList(), up.Where(peer => !_isDown.ContainsKey(peer)).ToList());
        foreach (var peer in up) _isDown[peer] = false;
        foreach (var peer in _isDown.Keys.Where(placement.IsDown).ToList()) _isDown[peer] = true;
        // Nor did this node begin with those that were down when it started.
        foreach (var member in placement.Map.Members) _isDown.TryAdd(member.Id, placement.IsDown(member.Id));
        return seen;
    }
}
