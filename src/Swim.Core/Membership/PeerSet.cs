using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>A set of members to draw from at random; ascending by id, so that a draw depends on nothing but the seed and the set.</summary>
internal sealed class PeerSet
{
    private readonly List<NodeId> _ids = [];

    /// <summary>How many there are.</summary>
    public int Count => _ids.Count;

    /// <summary>Puts a member in or takes it out. True when that changed the set.</summary>
    public bool Set(NodeId id, bool isIn)
    {
        var place = _ids.BinarySearch(id);
        if (place >= 0 == isIn) return false;
        if (isIn) _ids.Insert(~place, id);
        else _ids.RemoveAt(place);
        return true;
    }

    /// <summary>All of them, ascending.</summary>
    public IReadOnlyList<NodeId> Ids => _ids;

    /// <summary>One at random; none when the set is empty.</summary>
    public NodeId Draw(Prng prng) => _ids.Count == 0 ? NodeId.None : _ids[prng.Next(_ids.Count)];

    /// <summary>Up to <paramref name="count"/> different ones at random, except one.</summary>
    public List<NodeId> Draw(Prng prng, int count, NodeId except = default)
    {
        if (_ids.Count <= count) return _ids.FindAll(id => id != except);
        var drawn = new List<NodeId>(count);
        // Few of many: drawing again is cheaper than shuffling. The bound may leave one short where there are hardly more than wanted.
        for (var tries = 4 * count + 4; tries > 0 && drawn.Count < count; tries--)
        {
            var id = Draw(prng);
            if (id != except && !drawn.Contains(id)) drawn.Add(id);
        }

        return drawn;
    }
}
