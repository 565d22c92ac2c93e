using System.Buffers;
using MessagePack;
using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

public sealed class RecordCodecTests
{
    private static readonly MemberMeta Meta = new("n1", "10.0.0.1", 7400, 7401, 7402, "z", 16) { Capabilities = "gpu shell" };

    [Fact]
    public void Metadata_comes_back_as_it_was()
    {
        Assert.True(RecordCodec.TryDecodeMeta(RecordCodec.EncodeMeta(Meta), out var read));
        Assert.Equal(Meta, read);
        Assert.True(read.Has("shell") && read.Has("gpu") && !read.Has("she"));
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, true)]
    [InlineData(10, true)]
    [InlineData(11, true)]
    [InlineData(13, true)]
    [InlineData(6, false)]
    public void Metadata_of_another_version_is_read_as_far_as_it_is_known(int fields, bool readable)
    {
        Assert.Equal(readable, RecordCodec.TryDecodeMeta(Written(fields), out var read));
        if (readable) Assert.Equal((fields >= 8 ? "gpu" : "", fields >= 9, fields >= 11 ? 7UL : 0), (read.Capabilities, read.IsDraining, read.StateSince));
    }

    [Theory]
    [InlineData(false, 8)]
    [InlineData(true, 9)]
    public void That_a_node_drains_is_said_only_where_it_is_so(bool isDraining, int fields)
    {
        var bytes = RecordCodec.EncodeMeta(Meta with { IsDraining = isDraining });
        Assert.True(RecordCodec.TryDecodeMeta(bytes, out var read));
        Assert.Equal((isDraining, fields), (read.IsDraining, new MessagePackReader(bytes).ReadArrayHeader()));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(3, 11)]
    public void That_a_node_began_anew_is_said_only_where_it_is_so(ulong since, int fields)
    {
        var bytes = RecordCodec.EncodeMeta(Meta with { StateSince = since });
        Assert.True(RecordCodec.TryDecodeMeta(bytes, out var read));
        Assert.Equal((since, fields), (read.StateSince, new MessagePackReader(bytes).ReadArrayHeader()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void That_a_node_leaves_is_said_whether_it_drains_or_not(bool isDraining)
    {
        Assert.True(RecordCodec.TryDecodeMeta(RecordCodec.EncodeMeta(Meta with { IsDraining = isDraining, IsLeaving = true }), out var read));
        Assert.Equal((isDraining, true), (read.IsDraining, read.IsLeaving));
    }

    [Fact]
    public void Capabilities_that_are_too_long_are_refused() =>
        Assert.Contains((Meta with { Capabilities = new string('c', 256) }).Validate(), static fault => fault.Contains("Capabilities", StringComparison.Ordinal));

    private static byte[] Written(int fields)
    {
        object[] values = ["n1", "10.0.0.1", 7400, 7401, 7402, "z", 16, "gpu", true, true, 7, "news", 5];
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(fields);
        foreach (var value in values.Take(fields))
        {
            if (value is int number) writer.Write(number);
            else if (value is bool flag) writer.Write(flag);
            else writer.Write((string)value);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
