using Swim.Core.Clocks;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// The writer ids this node knows of, from whatever bucket or member: an id is <em>superseded</em> once a later one of its family is known,
/// or its node was removed or has left. Only saves work: where it knows too little entries stay longer, where it is wrong (two nodes of one
/// family) they are learned once more. Kept in memory; contexts, which are on the disk, tell of it again.
/// </summary>
internal sealed class Writers
{
    /// <summary>Births kept of one family, the latest.</summary>
    public const int BirthsMax = 256;

    /// <summary>Families kept; those beyond are never superseded.</summary>
    public const int FamiliesMax = 65_536;

    private readonly SortedDictionary<ulong, SortedSet<ulong>> _births = [];
    private readonly SortedSet<NodeId> _gone = [];
    private ulong _last;

    /// <summary>There is such an id.</summary>
    public void Note(ulong writer)
    {
        if (writer == _last || WriterId.BirthOf(writer) == 0) return;
        _last = writer;
        var family = WriterId.FamilyOf(writer);
        if (!_births.TryGetValue(family, out var births))
        {
            if (_births.Count >= FamiliesMax) return;
            _births[family] = births = [];
        }

        if (births.Add(WriterId.BirthOf(writer)) && births.Count > BirthsMax) births.Remove(births.Min);
    }

    /// <summary>All ids that the frame's sender or its context names.</summary>
    public void Note(DeltaFrame frame)
    {
        if (frame.Actor != 0) Note(frame.Actor);
        if (frame.Context is null) return;
        foreach (var writer in frame.Context.Vector.Keys) Note(writer);
    }

    /// <summary>The node was removed then: what it wrote under until then is given up.</summary>
    public void NoteRemoved(NodeId node, long unixMs) => Note(WriterId.Of(WriterId.FamilyOf(node), WriterId.BirthAt(unixMs)));

    /// <summary>These nodes have left, some of them just now.</summary>
    public void NoteLeft(IEnumerable<NodeId> left, long nowUnixMs)
    {
        var before = _gone.ToList();
        _gone.Clear();
        _gone.UnionWith(left);
        foreach (var node in _gone.Except(before)) NoteRemoved(node, nowUnixMs);
    }

    /// <summary>The newest id known of a family, or the end of its node where that is later; 0 for none.</summary>
    public ulong NewestOf(ulong family) => _births.TryGetValue(family, out var births) ? WriterId.Of(family, births.Max) : 0;

    /// <summary>When the id was given up: the birth of the next one of its family; null for one in use, as far as is known.</summary>
    public HlcTimestamp? SupersededAt(ulong writer) => NextOf(writer) is var next && next == 0 ? null : WriterId.TimeOf(WriterId.BirthOf(next));

    /// <summary>The next id of its family, for which it was given up; 0 for one in use.</summary>
    public ulong NextOf(ulong writer)
    {
        var (family, birth) = (WriterId.FamilyOf(writer), WriterId.BirthOf(writer));
        if (!_births.TryGetValue(family, out var births) || births.Max <= birth) return 0;
        return WriterId.Of(family, births.GetViewBetween(birth + 1, WriterId.BirthMax).Min);
    }

    /// <summary>True for an id that was given up.</summary>
    public bool IsSuperseded(ulong writer) => NextOf(writer) != 0;
}
