using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Whom to probe next: round robin over a list in random order, shuffled anew after each pass; newcomers enter at a random place
/// (SWIM section 4.3). So a failure is noticed by each member within twice as many periods as there are members.
/// </summary>
internal sealed class ProbeOrder(Prng prng)
{
    private readonly List<NodeId> _order = [];
    private int _next;

    /// <summary>Takes in a member that is to be probed and is not in the list.</summary>
    public void Add(NodeId id)
    {
        var place = prng.Next(_order.Count + 1);
        _order.Insert(place, id);
        if (place < _next) _next++;
    }

    /// <summary>Begins with all of these, in random order.</summary>
    public void Fill(PeerSet peers)
    {
        Invariant.Holds(_order.Count == 0, "only an empty order is filled");
        _order.AddRange(peers.Ids);
        prng.Shuffle(_order);
    }

    /// <summary>Takes out a member.</summary>
    public void Remove(NodeId id)
    {
        var place = _order.IndexOf(id);
        if (place < 0) return;
        _order.RemoveAt(place);
        if (place < _next) _next--;
    }

    /// <summary>The next to be probed; none when the list is empty.</summary>
    public NodeId Next()
    {
        if (_order.Count == 0) return NodeId.None;
        if (_next >= _order.Count)
        {
            _next = 0;
            prng.Shuffle(_order);
        }

        return _order[_next++];
    }
}
