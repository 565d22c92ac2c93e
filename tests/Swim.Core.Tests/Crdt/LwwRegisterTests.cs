using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Crdt;

public sealed class LwwRegisterTests
{
    private static readonly LwwRegister<string> Bottom = new(ElementFormat.Text);

    [Fact]
    public void The_later_stamp_wins_then_the_higher_node_then_the_higher_dot_then_the_greater_value()
    {
        var register = Write("b", stamp: 1, node: 1, seq: 1);
        foreach (var winner in new[] { Write("a", 2, 1, 1), Write("a", 1, 2, 1), Write("a", 1, 1, 2), Write("c", 1, 1, 1) })
        {
            Assert.Same(winner, register.Merge(winner));
            Assert.Same(winner, winner.Merge(register));
        }
    }

    [Fact]
    public void The_bottom_is_unwritten_and_loses_to_every_write()
    {
        Assert.False(Bottom.IsWritten);
        var first = Write("", 0, 0, 0);
        Assert.Same(first, Bottom.Merge(first));
        Assert.Same(first, first.Merge(Bottom));
    }

    [Theory]
    [InlineData("c0")]
    [InlineData("9401020304")]
    [InlineData("9501020304c0")]
    [InlineData("95010203")]
    public void Bytes_of_another_shape_are_refused(string hex)
    {
        var refusal = Record.Exception(() => Encoding.Read(
            Convert.FromHexString(hex), (ref MessagePackReader reader) => LwwRegister.Read(ref reader, ElementFormat.Text)));
        Assert.True(refusal is MessagePackSerializationException or EndOfStreamException, refusal?.ToString() ?? "taken");
    }

    private static LwwRegister<string> Write(string value, ulong stamp, ulong node, ulong seq) =>
        Bottom.Write(value, new HlcTimestamp(stamp), new NodeId(node), new Dot(1, seq));
}
