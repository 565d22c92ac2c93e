using Swim.Core.Membership;
using Swim.Core.Primitives;

namespace Swim.Core.Tests.Membership;

internal static class Samples
{
    public static NodeId Id(int number) => new((ulong)number);

    public static MemberMeta Meta(int number) => new($"n{number}", $"h{number}", 1, 0, number, "", 1);

    public static MemberRecord Alive(int number) => new(Id(number), 1, 0, MemberState.Alive, Meta(number));

    /// <summary>Metadata as long as it may be.</summary>
    public static MemberMeta Longest
    {
        get
        {
            var meta = new MemberMeta(new string('n', 255), new string('h', 224), 65535, 65535, 65535, "", MemberMeta.SlotsMax);
            return Enumerable.Range(0, 64).Select(more => meta with { Zone = new string('z', more) }).Last(static longest => !longest.Validate().Any());
        }
    }

    /// <summary>Few values of each field, so that ties are met.</summary>
    public static MemberRecord Any(Prng prng, int members = 3) =>
        new(Id(1 + prng.Next(members)), 1 + (ulong)prng.Next(2), (ulong)prng.Next(3), (MemberState)prng.Next(4), Meta(1 + prng.Next(2)));
}
