using System.Collections.Immutable;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>An immutable view of the membership, safe to read from any thread.</summary>
/// <param name="Version">Grows with every change; counts only within one process.</param>
/// <param name="Members">All known members in whatever state, this node included, ascending by id.</param>
/// <param name="Fingerprint">Equal on two nodes exactly when they hold the same records (up to a collision of 64 bits).</param>
public sealed record MembersSnapshot(long Version, ImmutableSortedDictionary<NodeId, MemberRecord> Members, ulong Fingerprint)
{
    /// <summary>Nobody is known.</summary>
    public static readonly MembersSnapshot Empty = new(0, ImmutableSortedDictionary<NodeId, MemberRecord>.Empty, 0);

    /// <summary>A snapshot of these records, which differ in their ids.</summary>
    public static MembersSnapshot Of(IEnumerable<MemberRecord> records)
    {
        var members = records.ToImmutableSortedDictionary(static record => record.Id, static record => record);
        return new(1, members, members.Values.Aggregate(0UL, static (sum, record) => sum + record.Hash));
    }

    /// <summary>The members that are Alive or Suspect, ascending by id.</summary>
    public IEnumerable<MemberRecord> Live => Members.Values.Where(member => member.IsLive);

    /// <summary>The state of <paramref name="id"/>; null when it is unknown.</summary>
    public MemberState? StateOf(NodeId id) => Members.TryGetValue(id, out var member) ? member.State : null;
}
