using System.Buffers;
using MessagePack;
using Xunit;

namespace Swim.StandIns.Tests.MessagePack;

public sealed class ReaderTests
{
    private static readonly byte[] Nested = Bytes.Of((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(3);
        writer.WriteMapHeader(2);
        writer.Write("a");
        writer.Write(1.5);
        writer.Write("b");
        writer.WriteArrayHeader(2);
        writer.WriteNil();
        writer.Write((byte[])[1, 2, 3]);
        writer.Write(DateTime.UnixEpoch);
        writer.Write(-70_000);
    });

    [Fact]
    public void Skip_passes_over_one_value_and_all_within_it()
    {
        var bytes = (byte[])[.. Nested, 0x2a];
        var reader = new MessagePackReader(bytes);
        reader.Skip();
        Assert.Equal(Nested.Length, reader.Consumed);
        Assert.Equal(42, reader.ReadInt32());
        Assert.True(reader.End);
    }

    [Fact]
    public void Read_raw_returns_one_value_as_it_is_written()
    {
        var reader = new MessagePackReader((byte[])[.. Nested, 0x2a]);
        Assert.Equal(Nested, reader.ReadRaw().ToArray());
        Assert.Equal((byte[])[0x2a], reader.ReadRaw(1).ToArray());
    }

    [Fact]
    public void A_peek_reader_moves_alone()
    {
        var reader = new MessagePackReader(Nested);
        var peek = reader.CreatePeekReader();
        peek.Skip();
        Assert.True(peek.End);
        Assert.Equal(0, reader.Consumed);
        Assert.Equal(3, reader.ReadArrayHeader());
    }

    [Fact]
    public void Nil_is_seen_taken_and_read_as_absent()
    {
        Assert.Equal(Nil.Default, Bytes.Read("c0", (ref MessagePackReader reader) => reader.ReadNil()));
        Assert.True(Bytes.Read("c0", (ref MessagePackReader reader) => reader.IsNil && reader.TryReadNil()));
        Assert.Null(Bytes.Read("c0", (ref MessagePackReader reader) => reader.ReadString()));
        Assert.Null(Bytes.Read("c0", (ref MessagePackReader reader) => reader.ReadBytes()));
        Assert.Null(Bytes.Read("c0", (ref MessagePackReader reader) => reader.ReadStringSequence()));
        var reader = new MessagePackReader((byte[])[0x01]);
        Assert.False(reader.TryReadNil());
        Assert.Equal(0, reader.Consumed);
    }

    [Fact]
    public void Every_cut_into_two_segments_reads_the_same()
    {
        for (var cut = 0; cut <= Nested.Length; cut++)
        {
            var reader = new MessagePackReader(Bytes.CutAt(Nested, cut));
            Assert.Equal(3, reader.ReadArrayHeader());
            Assert.Equal(2, reader.ReadMapHeader());
            Assert.Equal("a", reader.ReadString());
            Assert.Equal(1.5, reader.ReadDouble());
            Assert.Equal("b", reader.ReadString());
            Assert.Equal(2, reader.ReadArrayHeader());
            Assert.True(reader.TryReadNil());
            Assert.Equal((byte[])[1, 2, 3], reader.ReadBytes()!.Value.ToArray());
            Assert.Equal(DateTime.UnixEpoch, reader.ReadDateTime());
            Assert.Equal(-70_000, reader.ReadInt32());
            Assert.True(reader.End);
            Assert.Equal(Nested.Length, reader.Sequence.Slice(0, reader.Position).Length);
        }
    }

    [Fact]
    public void Settings_travel_with_a_clone()
    {
        using var source = new CancellationTokenSource();
        var reader = new MessagePackReader(Nested) { CancellationToken = source.Token, Depth = 3 };
        var clone = reader.Clone(new ReadOnlySequence<byte>((byte[])[0x07]));
        Assert.Equal((source.Token, 3, 7), (clone.CancellationToken, clone.Depth, clone.ReadInt32()));
    }

    [Fact]
    public void Headers_of_arrays_and_maps_are_tried_without_moving()
    {
        var reader = new MessagePackReader((byte[])[0xdc, 0x00]);
        Assert.False(reader.TryReadArrayHeader(out _));
        Assert.Equal(0, reader.Consumed);
        reader = new MessagePackReader((byte[])[0xdf, 0, 0, 1]);
        Assert.False(reader.TryReadMapHeader(out _));
        Assert.Equal(0, reader.Consumed);
        reader = new MessagePackReader((byte[])[0xdd, 0, 0, 1, 0]);
        Assert.True(reader.TryReadArrayHeader(out var count));
        Assert.Equal(256, count);
    }
}
