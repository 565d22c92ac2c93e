using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Crdt;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class GSetProperties() : LatticeLaws<GSet<ulong>>(Lattice)
{
    private static readonly Lattice<GSet<ulong>> Lattice = new(
        () => new GSet<ulong>(ElementFormat.Number),
        (left, right) => { var joined = left.Clone(); joined.Merge(right); return joined; },
        (state, step, _) => { var after = state.Clone(); return (after, after.Add((ulong)(step.Choice % History.Elements))); },
        state => Encoding.Of((ref MessagePackWriter writer) => state.Write(ref writer)),
        bytes => Encoding.Read(bytes, (ref MessagePackReader reader) => GSet.Read(ref reader, ElementFormat.Number)),
        (left, right) => left.SameAs(right));
}
