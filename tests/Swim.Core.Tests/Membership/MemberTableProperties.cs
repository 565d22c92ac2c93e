using FsCheck.Xunit;
using Swim.Core.Membership;
using Swim.Core.Primitives;

namespace Swim.Core.Tests.Membership;

[Properties(MaxTest = 500, QuietOnSuccess = true)]
public sealed class MemberTableProperties
{
    [Property]
    public bool Of_two_distinct_claims_exactly_one_supersedes_the_other(int seed)
    {
        var (one, other, _) = Claims(seed);
        return one == other ? !one.IsSupersededBy(other) : one.IsSupersededBy(other) != other.IsSupersededBy(one);
    }

    [Property]
    public bool Superseding_is_transitive(int seed)
    {
        var (one, other, third) = Claims(seed);
        return !(one.IsSupersededBy(other) && other.IsSupersededBy(third)) || one.IsSupersededBy(third);
    }

    [Property]
    public bool Claims_in_any_order_and_doubled_give_the_same_table(int seed)
    {
        var prng = new Prng((ulong)seed);
        var claims = Enumerable.Range(0, 12).Select(_ => Samples.Any(prng)).ToList();
        var first = TableOf(claims);
        claims.AddRange([.. claims.Take(5)]);
        prng.Shuffle(claims);
        return IsSame(first, TableOf(claims));
    }

    [Property]
    public bool Tables_merged_either_way_are_the_table_of_all_claims(int seed)
    {
        var prng = new Prng((ulong)seed);
        var claims = Enumerable.Range(0, 12).Select(_ => Samples.Any(prng)).ToList();
        var (one, other) = (TableOf(claims.Take(6)), TableOf(claims.Skip(6)));
        var (left, right) = (TableOf(claims.Take(6)), TableOf(claims.Skip(6)));
        left.Merge(other);
        right.Merge(one);
        return IsSame(left, right) && IsSame(left, TableOf(claims));
    }

    private static bool IsSame(MemberTable one, MemberTable other) =>
        one.Fingerprint == other.Fingerprint && one.Snapshot().Members.Values.SequenceEqual(other.Snapshot().Members.Values);

    private static (MemberRecord One, MemberRecord Other, MemberRecord Third) Claims(int seed)
    {
        var prng = new Prng((ulong)seed);
        return (Samples.Any(prng, members: 1), Samples.Any(prng, members: 1), Samples.Any(prng, members: 1));
    }

    private static MemberTable TableOf(IEnumerable<MemberRecord> claims)
    {
        var table = new MemberTable();
        foreach (var claim in claims) table.Merge(claim);
        return table;
    }
}
