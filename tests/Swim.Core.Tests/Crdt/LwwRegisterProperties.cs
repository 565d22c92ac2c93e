using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class LwwRegisterProperties() : LatticeLaws<LwwRegister<ulong>>(Lattice)
{
    // Few stamps and two nodes for three replicas, so that ties reach the dot.
    private static readonly Lattice<LwwRegister<ulong>> Lattice = new(
        () => new LwwRegister<ulong>(ElementFormat.Number),
        (left, right) => left.Merge(right),
        (state, step, index) =>
        {
            var delta = state.Write((ulong)step.Choice, new HlcTimestamp((ulong)step.Choice / 3), new NodeId((ulong)step.Replica / 2), new Dot((ulong)step.Replica + 1, (ulong)index + 1));
            return (state.Merge(delta), delta);
        },
        state => Encoding.Of((ref MessagePackWriter writer) => state.WriteTo(ref writer)),
        bytes => Encoding.Read(bytes, (ref MessagePackReader reader) => LwwRegister.Read(ref reader, ElementFormat.Number)),
        (left, right) => left.SameAs(right));
}
