using Swim.Core.Primitives;

namespace Swim.Core.Ring;

/// <summary>
/// A consistent-hash ring with virtual nodes (Karger et al. 1997; vnodes as in Dynamo, section 4.2). Immutable. Every node with
/// the same cluster id and members builds the same ring. A walk goes clockwise from a position and wraps.
/// </summary>
internal sealed class HashRing
{
    /// <summary>Tokens a member places for each unit of weight.</summary>
    public const int TokensPerWeight = 128;

    // Parallel arrays in token order: the nodes are indexes into the members in the order of their ids.
    private readonly ulong[] _tokens;
    private readonly int[] _nodes;

    private HashRing(ulong[] tokens, int[] nodes) => (_tokens, _nodes) = (tokens, nodes);

    /// <summary>How many tokens the ring has.</summary>
    public int Length => _tokens.Length;

    /// <summary>Places the tokens of <paramref name="members"/>, which must be in the order of their ids.</summary>
    public static HashRing Build(ulong clusterId, ReadOnlySpan<RingMember> members)
    {
        var length = 0;
        foreach (var member in members) length += member.TokenCount;
        var tokens = new ulong[length];
        var nodes = new int[length];
        var next = 0;
        for (var node = 0; node < members.Length; node++)
        {
            var id = members[node].Id.Value;
            for (var vnode = 0; vnode < members[node].TokenCount; vnode++, next++)
            {
                tokens[next] = StableHash.Of(id, (ulong)vnode, clusterId);
                nodes[next] = node;
            }
        }
        SortByToken(tokens, nodes);
        return new HashRing(tokens, nodes);
    }

    /// <summary>Sorts both arrays by token; nodes with equal tokens stand in the order of their ids, whatever the sort did.</summary>
    internal static void SortByToken(ulong[] tokens, int[] nodes)
    {
        Array.Sort(tokens, nodes);
        for (var start = 0; start < tokens.Length;)
        {
            var end = start + 1;
            while (end < tokens.Length && tokens[end] == tokens[start]) end++;
            if (end - start > 1) Array.Sort(nodes, start, end - start);
            start = end;
        }
    }

    /// <summary>The index of the first token at or after <paramref name="position"/>; past the last one it is the first again.</summary>
    public int FirstAt(ulong position)
    {
        var (low, high) = (0, _tokens.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_tokens[middle] < position) low = middle + 1;
            else high = middle;
        }
        return low == _tokens.Length ? 0 : low;
    }

    /// <summary>The node of the token <paramref name="steps"/> after index <paramref name="start"/>; both in [0, <see cref="Length"/>).</summary>
    public int NodeAt(int start, int steps)
    {
        var index = start + steps;
        return _nodes[index < _nodes.Length ? index : index - _nodes.Length];
    }
}
