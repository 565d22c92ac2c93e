using System.Globalization;
using FsCheck.Xunit;
using MessagePack;
using Xunit;

namespace Swim.StandIns.Tests.MessagePack;

/// <summary>Whatever the bytes, a reader ends in one of its three exceptions and allocates in proportion to its input.</summary>
public sealed class BadInputTests
{
    private static readonly Bytes.Reading<object?>[] Readings =
    [
        (ref MessagePackReader r) => r.ReadNil(),
        (ref MessagePackReader r) => r.ReadBoolean(),
        (ref MessagePackReader r) => r.ReadByte(),
        (ref MessagePackReader r) => r.ReadSByte(),
        (ref MessagePackReader r) => r.ReadInt16(),
        (ref MessagePackReader r) => r.ReadUInt16(),
        (ref MessagePackReader r) => r.ReadChar(),
        (ref MessagePackReader r) => r.ReadInt32(),
        (ref MessagePackReader r) => r.ReadUInt32(),
        (ref MessagePackReader r) => r.ReadInt64(),
        (ref MessagePackReader r) => r.ReadUInt64(),
        (ref MessagePackReader r) => r.ReadSingle(),
        (ref MessagePackReader r) => r.ReadDouble(),
        (ref MessagePackReader r) => r.ReadString(),
        (ref MessagePackReader r) => r.ReadStringSequence(),
        (ref MessagePackReader r) => r.TryReadStringSpan(out _),
        (ref MessagePackReader r) => r.ReadBytes(),
        (ref MessagePackReader r) => r.ReadArrayHeader(),
        (ref MessagePackReader r) => r.ReadMapHeader(),
        (ref MessagePackReader r) => r.ReadExtensionFormat(),
        (ref MessagePackReader r) => r.ReadRaw(),
        (ref MessagePackReader r) => r.TryReadNil(),
    ];

    [Fact]
    public void Every_first_byte_with_every_reading_ends_in_a_known_way()
    {
        for (var code = 0; code <= 255; code++)
        {
            for (var length = 1; length <= 20; length++)
            {
                var bytes = new byte[length];
                Array.Fill(bytes, (byte)0xff);
                bytes[0] = (byte)code;
                AllReadingsEndInAKnownWay(bytes);
            }
        }
    }

    [Property(MaxTest = 2_000, EndSize = 60, QuietOnSuccess = true)]
    public void Random_bytes_end_in_a_known_way(byte[] bytes) => AllReadingsEndInAKnownWay(bytes);

    [Fact]
    public void An_empty_input_is_too_short_for_everything()
    {
        foreach (var reading in Readings)
        {
            Assert.Throws<EndOfStreamException>(() => Bytes.Read(ReadOnlyMemory<byte>.Empty, reading));
        }
    }

    [Theory]
    [InlineData("d920")]
    [InlineData("da7fff61")]
    [InlineData("db7fffffff61")]
    [InlineData("dbffffffff61")]
    [InlineData("c67fffffff61")]
    [InlineData("c97fffffff0161")]
    [InlineData("dd7fffffff61")]
    [InlineData("df7fffffff6161")]
    [InlineData("9f01")]
    [InlineData("8101")]
    public void A_declared_size_that_does_not_fit_is_too_short_and_allocates_nothing(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Throws<EndOfStreamException>(() => ReadAsDeclared(bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<EndOfStreamException>(() => ReadAsDeclared(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void Every_truncation_of_a_value_is_too_short()
    {
        var bytes = Bytes.Of((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.Write("some key of more than thirty-one bytes");
            writer.WriteArrayHeader(3);
            writer.Write(long.MinValue);
            writer.Write(new byte[300]);
            writer.Write(DateTime.MaxValue);
        });
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<EndOfStreamException>(() =>
            {
                var reader = new MessagePackReader(bytes.AsMemory(0, length));
                reader.Skip();
            });
        }
    }

    [Theory]
    [InlineData("cd0100", typeof(byte))]
    [InlineData("ff", typeof(byte))]
    [InlineData("cc80", typeof(sbyte))]
    [InlineData("ce00010000", typeof(ushort))]
    [InlineData("d18000", typeof(uint))]
    [InlineData("ceffffffff", typeof(int))]
    [InlineData("cfffffffffffffffff", typeof(long))]
    [InlineData("ff", typeof(ulong))]
    public void A_number_outside_the_type_is_an_overflow(string hex, Type type) => Assert.Throws<OverflowException>(() => Bytes.Read(
        hex, (ref MessagePackReader reader) => type.Name switch
        {
            nameof(Byte) => reader.ReadByte(),
            nameof(SByte) => reader.ReadSByte(),
            nameof(UInt16) => reader.ReadUInt16(),
            nameof(UInt32) => reader.ReadUInt32(),
            nameof(Int32) => reader.ReadInt32(),
            nameof(Int64) => reader.ReadInt64(),
            nameof(UInt64) => (object)reader.ReadUInt64(),
            _ => throw new ArgumentException(type.ToString(), nameof(type)),
        }));

    [Fact]
    public void The_code_that_is_never_used_is_never_taken()
    {
        foreach (var reading in Readings[..^1])
        {
            Assert.Throws<MessagePackSerializationException>(() => Bytes.Read("c1", reading));
        }
    }

    private static void ReadAsDeclared(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Array:
                reader.ReadArrayHeader();
                reader.Skip();
                reader.Skip();
                break;
            case MessagePackType.Map:
                reader.ReadMapHeader();
                break;
            case MessagePackType.String:
                reader.ReadString();
                break;
            case MessagePackType.Binary:
                reader.ReadBytes();
                break;
            default:
                reader.ReadExtensionFormat();
                break;
        }
    }

    private static void AllReadingsEndInAKnownWay(byte[] bytes)
    {
        for (var index = 0; index < Readings.Length; index++)
        {
            try
            {
                var reader = new MessagePackReader(bytes);
                Readings[index](ref reader);
                Assert.InRange(reader.Consumed, 0, bytes.Length);
            }
            catch (Exception exception) when (exception is MessagePackSerializationException or EndOfStreamException or OverflowException)
            {
                // The three that a caller has to know.
            }
            catch (Exception exception)
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"Reading {index} of {Convert.ToHexString(bytes)}: {exception}"));
            }
        }
    }
}
