using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Which members die and come back again and again, as this node saw it: they stay members and owners and get no new work while others can do it. A member that was
/// stopped in order said so and did not fall. Holds a few numbers for each member that ever fell. Owned by one loop.
/// </summary>
/// <param name="falls">So many falls make one that flaps.</param>
/// <param name="within">All of them within this time.</param>
/// <param name="quiet">So long after its last fall it flaps no more.</param>
public sealed class FlapWatch(int falls, TimeSpan within, TimeSpan quiet)
{
    private static readonly SortedSet<NodeId> Nobody = [];
    private readonly SortedDictionary<NodeId, Queue<long>> _falls = [];
    private MembersSnapshot _seen = MembersSnapshot.Empty;

    /// <summary>Takes note of who fell since the last view.</summary>
    public void OnMembers(Now now, MembersSnapshot members)
    {
        foreach (var (id, before) in _seen.Members)
        {
            if (!before.IsLive || !members.Members.TryGetValue(id, out var after)) continue;
            if (after is { State: MemberState.Dead, Meta.IsDraining: false }) Note(id, now);
            else if (after.State == MemberState.Left) _falls.Remove(id);
        }

        _seen = members;
    }

    /// <summary>Who flaps now.</summary>
    public SortedSet<NodeId> Flapping(Now now)
    {
        if (_falls.Count == 0) return Nobody;
        var flapping = new SortedSet<NodeId>();
        List<NodeId>? over = null;
        foreach (var (id, times) in _falls)
        {
            var last = times.Last();
            if (now.Since(last) >= quiet) (over ??= []).Add(id);
            else if (times.Count == falls && TimeSpan.FromTicks(last - times.Peek()) <= within) flapping.Add(id);
        }

        over?.ForEach(id => _falls.Remove(id));
        return flapping;
    }

    private void Note(NodeId id, Now now)
    {
        if (!_falls.TryGetValue(id, out var times)) _falls[id] = times = new Queue<long>();
        times.Enqueue(now.Ticks);
        if (times.Count > falls) times.Dequeue();
    }
}
