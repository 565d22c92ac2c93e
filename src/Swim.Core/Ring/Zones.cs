namespace Swim.Core.Ring;

/// <summary>
/// The zones of the members and what an even spread of a bucket's copies means: rounds, each of which takes at most one member of each zone. A zone
/// has from <see cref="CopiesMin"/> to <see cref="CopiesMax"/> copies of every bucket, which differ by one at most.
/// </summary>
internal sealed class Zones
{
    private readonly int[] _ofNode;
    private readonly int[] _sizes;
    private readonly int _fullRounds;

    /// <summary>The zones of <paramref name="members"/>, of which each bucket has <paramref name="copies"/>, no more than there are members.</summary>
    public Zones(ReadOnlySpan<RingMember> members, int copies)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in members) names.Add(member.Zone);
        string[] sorted = [.. names];
        _ofNode = new int[members.Length];
        _sizes = new int[sorted.Length];
        for (var node = 0; node < members.Length; node++)
        {
            _ofNode[node] = Array.BinarySearch(sorted, members[node].Zone, StringComparer.Ordinal);
            _sizes[_ofNode[node]]++;
        }

        while (_fullRounds < copies && Placed(_fullRounds + 1) <= copies) _fullRounds++;
        HasPartialRound = Placed(_fullRounds) < copies;
    }

    /// <summary>How many zones there are.</summary>
    public int Count => _sizes.Length;

    /// <summary>How many members there are.</summary>
    public int Nodes => _ofNode.Length;

    /// <summary>True when some zones have one copy more than others could have.</summary>
    public bool HasPartialRound { get; }

    /// <summary>The zone of a member.</summary>
    public int Of(int node) => _ofNode[node];

    /// <summary>How many members a zone has.</summary>
    public int SizeOf(int zone) => _sizes[zone];

    /// <summary>The fewest copies of a bucket that a zone has.</summary>
    public int CopiesMin(int zone) => Math.Min(_sizes[zone], _fullRounds);

    /// <summary>The most copies of a bucket that a zone has.</summary>
    public int CopiesMax(int zone) => Math.Min(_sizes[zone], HasPartialRound ? _fullRounds + 1 : _fullRounds);

    private int Placed(int rounds) => _sizes.Sum(size => Math.Min(size, rounds));
}
