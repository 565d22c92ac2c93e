using MessagePack;
using Xunit;

namespace Swim.StandIns.Tests.MessagePack;

/// <summary>The formats of the msgpack specification, each at both ends of its range.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(1, "01")]
    [InlineData(127, "7f")]
    [InlineData(128, "cc80")]
    [InlineData(255, "ccff")]
    [InlineData(256, "cd0100")]
    [InlineData(65535, "cdffff")]
    [InlineData(65536, "ce00010000")]
    [InlineData(uint.MaxValue, "ceffffffff")]
    [InlineData(1L + uint.MaxValue, "cf0000000100000000")]
    [InlineData(long.MaxValue, "cf7fffffffffffffff")]
    [InlineData(-1, "ff")]
    [InlineData(-32, "e0")]
    [InlineData(-33, "d0df")]
    [InlineData(-128, "d080")]
    [InlineData(-129, "d1ff7f")]
    [InlineData(-32768, "d18000")]
    [InlineData(-32769, "d2ffff7fff")]
    [InlineData(int.MinValue, "d280000000")]
    [InlineData(int.MinValue - 1L, "d3ffffffff7fffffff")]
    [InlineData(long.MinValue, "d38000000000000000")]
    public void A_whole_number_takes_its_shortest_form(long value, string hex)
    {
        Assert.Equal(hex, Bytes.Hex((ref MessagePackWriter writer) => writer.Write(value)));
        Assert.Equal(value, Bytes.Read(hex, (ref MessagePackReader reader) => reader.ReadInt64()));
    }

    [Fact]
    public void The_largest_unsigned_number_takes_nine_bytes()
    {
        Assert.Equal("cfffffffffffffffff", Bytes.Hex((ref MessagePackWriter writer) => writer.Write(ulong.MaxValue)));
        Assert.Equal(ulong.MaxValue, Bytes.Read("cfffffffffffffffff", (ref MessagePackReader reader) => reader.ReadUInt64()));
    }

    [Fact]
    public void Every_width_of_argument_takes_the_same_form()
    {
        Assert.Equal("7f", Bytes.Hex((ref MessagePackWriter writer) => writer.Write((byte)127)));
        Assert.Equal("7f", Bytes.Hex((ref MessagePackWriter writer) => writer.Write((ushort)127)));
        Assert.Equal("7f", Bytes.Hex((ref MessagePackWriter writer) => writer.Write(127u)));
        Assert.Equal("7f", Bytes.Hex((ref MessagePackWriter writer) => writer.Write(127ul)));
        Assert.Equal("7f", Bytes.Hex((ref MessagePackWriter writer) => writer.Write((sbyte)127)));
        Assert.Equal("7f", Bytes.Hex((ref MessagePackWriter writer) => writer.Write((short)127)));
        Assert.Equal("61", Bytes.Hex((ref MessagePackWriter writer) => writer.Write('a')));
    }

    [Fact]
    public void A_named_width_is_kept_and_every_reader_takes_it()
    {
        Assert.Equal("cc01", Bytes.Hex((ref MessagePackWriter writer) => writer.WriteUInt8(1)));
        Assert.Equal("cd0001", Bytes.Hex((ref MessagePackWriter writer) => writer.WriteUInt16(1)));
        Assert.Equal("ce00000001", Bytes.Hex((ref MessagePackWriter writer) => writer.WriteUInt32(1)));
        Assert.Equal("cf0000000000000001", Bytes.Hex((ref MessagePackWriter writer) => writer.WriteUInt64(1)));
        Assert.Equal("d001", Bytes.Hex((ref MessagePackWriter writer) => writer.WriteInt8(1)));
        Assert.Equal("d10001", Bytes.Hex((ref MessagePackWriter writer) => writer.WriteInt16(1)));
        Assert.Equal("d200000001", Bytes.Hex((ref MessagePackWriter writer) => writer.WriteInt32(1)));
        Assert.Equal("d30000000000000001", Bytes.Hex((ref MessagePackWriter writer) => writer.WriteInt64(1)));
        foreach (var hex in new[] { "01", "cc01", "cd0001", "ce00000001", "cf0000000000000001", "d001", "d10001", "d200000001", "d30000000000000001" })
        {
            Assert.Equal(1, Bytes.Read(hex, (ref MessagePackReader reader) => reader.ReadByte()));
            Assert.Equal(1, Bytes.Read(hex, (ref MessagePackReader reader) => reader.ReadSByte()));
            Assert.Equal(1u, Bytes.Read(hex, (ref MessagePackReader reader) => reader.ReadUInt32()));
            Assert.Equal(1d, Bytes.Read(hex, (ref MessagePackReader reader) => reader.ReadDouble()));
        }
    }

    [Fact]
    public void Nil_booleans_and_floating_point_have_fixed_forms()
    {
        Assert.Equal("c0", Bytes.Hex((ref MessagePackWriter writer) => writer.WriteNil()));
        Assert.Equal("c2", Bytes.Hex((ref MessagePackWriter writer) => writer.Write(false)));
        Assert.Equal("c3", Bytes.Hex((ref MessagePackWriter writer) => writer.Write(true)));
        Assert.Equal("ca3fc00000", Bytes.Hex((ref MessagePackWriter writer) => writer.Write(1.5f)));
        Assert.Equal("cbbff8000000000000", Bytes.Hex((ref MessagePackWriter writer) => writer.Write(-1.5d)));
        Assert.Equal(-1.5f, Bytes.Read("cbbff8000000000000", (ref MessagePackReader reader) => reader.ReadSingle()));
        Assert.Equal(1.5d, Bytes.Read("ca3fc00000", (ref MessagePackReader reader) => reader.ReadDouble()));
    }

    [Theory]
    [InlineData(0, "a0")]
    [InlineData(31, "bf")]
    [InlineData(32, "d920")]
    [InlineData(255, "d9ff")]
    [InlineData(256, "da0100")]
    [InlineData(65535, "daffff")]
    [InlineData(65536, "db00010000")]
    public void Text_has_the_shortest_header(int length, string header)
    {
        var text = new string('x', length);
        var bytes = Bytes.Of((ref MessagePackWriter writer) => writer.Write(text));
        Assert.StartsWith(header, Convert.ToHexStringLower(bytes), StringComparison.Ordinal);
        Assert.Equal(header.Length / 2 + length, bytes.Length);
        Assert.Equal(header, Bytes.Hex((ref MessagePackWriter writer) => writer.WriteStringHeader(length)));
        Assert.Equal(bytes, Bytes.Of((ref MessagePackWriter writer) => writer.WriteString(System.Text.Encoding.UTF8.GetBytes(text))));
        Assert.Equal(text, Bytes.Read(bytes, (ref MessagePackReader reader) => reader.ReadString()));
    }

    [Theory]
    [InlineData(0, "c400")]
    [InlineData(255, "c4ff")]
    [InlineData(256, "c50100")]
    [InlineData(65535, "c5ffff")]
    [InlineData(65536, "c600010000")]
    public void Bytes_have_the_shortest_header(int length, string header)
    {
        var value = new byte[length];
        var bytes = Bytes.Of((ref MessagePackWriter writer) => writer.Write(value));
        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, header.Length / 2)));
        Assert.Equal(header.Length / 2 + length, bytes.Length);
        Assert.Equal(length, Bytes.Read(bytes, (ref MessagePackReader reader) => reader.ReadBytes()!.Value.Length));
    }

    [Theory]
    [InlineData(0u, "90", "80")]
    [InlineData(15u, "9f", "8f")]
    [InlineData(16u, "dc0010", "de0010")]
    [InlineData(65535u, "dcffff", "deffff")]
    [InlineData(65536u, "dd00010000", "df00010000")]
    [InlineData(uint.MaxValue, "ddffffffff", "dfffffffff")]
    public void Arrays_and_maps_have_the_shortest_header(uint count, string array, string map)
    {
        Assert.Equal(array, Bytes.Hex((ref MessagePackWriter writer) => writer.WriteArrayHeader(count)));
        Assert.Equal(map, Bytes.Hex((ref MessagePackWriter writer) => writer.WriteMapHeader(count)));
    }

    [Theory]
    [InlineData(1u, "d405")]
    [InlineData(2u, "d505")]
    [InlineData(4u, "d605")]
    [InlineData(8u, "d705")]
    [InlineData(16u, "d805")]
    [InlineData(0u, "c70005")]
    [InlineData(3u, "c70305")]
    [InlineData(17u, "c71105")]
    [InlineData(255u, "c7ff05")]
    [InlineData(256u, "c8010005")]
    [InlineData(65535u, "c8ffff05")]
    [InlineData(65536u, "c90001000005")]
    public void Extensions_have_the_shortest_header(uint length, string header)
    {
        var data = new byte[length];
        var bytes = Bytes.Of((ref MessagePackWriter writer) => writer.WriteExtensionFormat(new ExtensionResult(5, data)));
        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, header.Length / 2)));
        var result = Bytes.Read(bytes, (ref MessagePackReader reader) => reader.ReadExtensionFormat());
        Assert.Equal(5, result.TypeCode);
        Assert.Equal(length, result.Data.Length);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", "d6ff00000000")]
    [InlineData("2106-02-07T06:28:15Z", "d6ffffffffff")]
    [InlineData("1970-01-01T00:00:00.0000001Z", "d7ff0000019000000000")]
    [InlineData("2106-02-07T06:28:16Z", "d7ff0000000100000000")]
    [InlineData("2514-05-30T01:53:04Z", "c70cff000000000000000400000000")]
    [InlineData("1969-12-31T23:59:59.5Z", "c70cff1dcd6500ffffffffffffffff")]
    public void A_timestamp_takes_the_shortest_of_three_forms(string time, string hex)
    {
        var value = DateTime.Parse(time, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal);
        Assert.Equal(hex, Bytes.Hex((ref MessagePackWriter writer) => writer.Write(value)));
        var read = Bytes.Read(hex, (ref MessagePackReader reader) => reader.ReadDateTime());
        Assert.Equal((value, DateTimeKind.Utc), (read, read.Kind));
    }

    // The example on the front page of msgpack.org: {"compact":true,"schema":0} in 18 bytes.
    [Fact]
    public void The_well_known_example_takes_18_bytes() => Assert.Equal(
        "82a7636f6d70616374c3a6736368656d6100",
        Bytes.Hex((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(2);
            writer.Write("compact");
            writer.Write(true);
            writer.Write("schema");
            writer.Write(0);
        }));

    [Fact]
    public void The_older_format_has_neither_bytes_nor_short_text_nor_timestamps()
    {
        Assert.Equal("da0020", Bytes.Hex((ref MessagePackWriter writer) => { writer.OldSpec = true; writer.WriteStringHeader(32); }));
        Assert.Equal("a2aabb", Bytes.Hex((ref MessagePackWriter writer) => { writer.OldSpec = true; writer.Write((byte[])[0xaa, 0xbb]); }));
        Assert.Throws<NotSupportedException>(() => Bytes.Of((ref MessagePackWriter writer) => { writer.OldSpec = true; writer.Write(DateTime.UnixEpoch); }));
        Assert.Equal(2, Bytes.Read("a2aabb", (ref MessagePackReader reader) => reader.ReadBytes()!.Value.Length));
    }

    [Theory]
    [InlineData("00", MessagePackType.Integer)]
    [InlineData("e0", MessagePackType.Integer)]
    [InlineData("d3", MessagePackType.Integer)]
    [InlineData("8f", MessagePackType.Map)]
    [InlineData("df", MessagePackType.Map)]
    [InlineData("9f", MessagePackType.Array)]
    [InlineData("dd", MessagePackType.Array)]
    [InlineData("bf", MessagePackType.String)]
    [InlineData("db", MessagePackType.String)]
    [InlineData("c0", MessagePackType.Nil)]
    [InlineData("c1", MessagePackType.Unknown)]
    [InlineData("c2", MessagePackType.Boolean)]
    [InlineData("c6", MessagePackType.Binary)]
    [InlineData("c9", MessagePackType.Extension)]
    [InlineData("d8", MessagePackType.Extension)]
    [InlineData("cb", MessagePackType.Float)]
    public void The_first_byte_tells_the_kind(string hex, MessagePackType type) =>
        Assert.Equal(type, new MessagePackReader(Convert.FromHexString(hex)).NextMessagePackType);
}
