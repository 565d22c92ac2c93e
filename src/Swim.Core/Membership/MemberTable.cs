using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// All that is known of the members: one record each. A join-semilattice: merging takes the greater record per member, so it is
/// idempotent, commutative and associative, and two nodes that heard the same, in any order, hold the same. Nothing is ever removed.
/// Owned by one loop; <see cref="Snapshot"/> may be given away.
/// </summary>
public sealed class MemberTable
{
    private MembersSnapshot _snapshot = MembersSnapshot.Empty;

    /// <summary>How many members are known, in whatever state.</summary>
    public int Count => _snapshot.Members.Count;

    /// <summary>Equal for equal tables: the sum of the records' hashes modulo 2^64, so that one change costs one hash.</summary>
    public ulong Fingerprint => _snapshot.Fingerprint;

    /// <summary>The record of <paramref name="id"/>; null when unknown.</summary>
    public MemberRecord? Find(NodeId id) => _snapshot.Members.TryGetValue(id, out var record) ? record : null;

    /// <summary>The table as it is now. Costs nothing: it shares its structure with earlier ones.</summary>
    public MembersSnapshot Snapshot() => _snapshot;

    /// <summary>Takes <paramref name="record"/> if it is greater than the one known. True when the table changed.</summary>
    public bool Merge(MemberRecord record)
    {
        var known = Find(record.Id);
        if (known is not null && !known.IsSupersededBy(record)) return false;
        var fingerprint = _snapshot.Fingerprint - (known?.Hash ?? 0) + record.Hash;
        _snapshot = new MembersSnapshot(_snapshot.Version + 1, _snapshot.Members.SetItem(record.Id, record), fingerprint);
        return true;
    }

    /// <summary>Takes the greater record of every member.</summary>
    public void Merge(MemberTable other)
    {
        foreach (var record in other._snapshot.Members.Values) Merge(record);
    }

    /// <summary>Begins with these members: an empty table takes over the structure, so that many tables of one process share it.</summary>
    internal void Begin(MembersSnapshot met)
    {
        Invariant.Holds(Count == 0, "only an empty table takes over another");
        _snapshot = met;
    }

    /// <summary>How <paramref name="view"/> relates to what is known, without decoding its metadata.</summary>
    internal Relation Compare(in RecordView view)
    {
        if (Find(view.Id) is not { } known) return Relation.Unknown;
        if (known.Standing != view.Standing) return known.Standing.IsBelow(view.Standing) ? Relation.Newer : Relation.Older;
        return view.Meta.IsEmpty || known.MetaBytes.SequenceEqual(view.Meta.Span) ? Relation.Same : Relation.Contradicts;
    }
}

/// <summary>How a received record relates to the one known.</summary>
internal enum Relation : byte
{
    /// <summary>Nothing is known of the member.</summary>
    Unknown,

    /// <summary>It replaces the known one.</summary>
    Newer,

    /// <summary>It is the known one.</summary>
    Same,

    /// <summary>The known one is newer.</summary>
    Older,

    /// <summary>Same standing, other bytes of metadata: another encoding, or two processes with one identity.</summary>
    Contradicts,
}
