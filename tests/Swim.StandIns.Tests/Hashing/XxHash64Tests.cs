using System.IO.Hashing;
using System.Text;
using FsCheck.Xunit;
using Xunit;

namespace Swim.StandIns.Tests.Hashing;

public sealed class XxHash64Tests
{
    // The generator of the reference implementation's own sanity test.
    private static readonly byte[] SanityBuffer = MakeSanityBuffer(2367);

    // Published for the reference implementation: widely quoted texts, then its sanity test of lengths and seeds.
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Published_texts_have_their_published_hash(string text, ulong hash) =>
        Assert.Equal(hash, XxHash64.HashToUInt64(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(0, 0u, 0xEF46DB3751D8E999)]
    [InlineData(0, 2654435761u, 0xAC75FDA2929B17EF)]
    [InlineData(1, 0u, 0xE934A84ADB052768)]
    [InlineData(1, 2654435761u, 0x5014607643A9B4C3)]
    [InlineData(4, 0u, 0x9136A0DCA57457EE)]
    [InlineData(14, 0u, 0x8282DCC4994E35C8)]
    [InlineData(14, 2654435761u, 0xC3BD6BF63DEB6DF0)]
    [InlineData(222, 0u, 0xB641AE8CB691C174)]
    [InlineData(222, 2654435761u, 0x20CB8AB7AE10C14A)]
    public void The_sanity_test_of_the_reference_holds(int length, uint seed, ulong hash) =>
        Assert.Equal(hash, XxHash64.HashToUInt64(SanityBuffer.AsSpan(0, length), seed));

    [Fact]
    public void Every_split_of_every_length_streams_to_the_one_shot_hash()
    {
        for (var length = 0; length <= 100; length++)
        {
            var expected = XxHash64.HashToUInt64(SanityBuffer.AsSpan(0, length), 7);
            for (var cut = 0; cut <= length; cut++)
            {
                var hash = new XxHash64(7);
                hash.Append(SanityBuffer.AsSpan(0, cut));
                hash.Append(SanityBuffer.AsSpan(cut, length - cut));
                Assert.Equal(expected, hash.GetCurrentHashAsUInt64());
            }
        }
    }

    [Property(MaxTest = 500, EndSize = 300, QuietOnSuccess = true)]
    public bool Any_pieces_stream_to_the_one_shot_hash(byte[][] pieces, long seed)
    {
        var hash = new XxHash64(seed);
        foreach (var piece in pieces)
        {
            hash.Append(piece);
        }

        return hash.GetCurrentHashAsUInt64() == XxHash64.HashToUInt64(pieces.SelectMany(piece => piece).ToArray(), seed);
    }

    [Fact]
    public void The_bytes_are_big_endian_in_every_overload()
    {
        byte[] expected = [0xEF, 0x46, 0xDB, 0x37, 0x51, 0xD8, 0xE9, 0x99];
        var destination = new byte[8];
        Assert.Equal(expected, XxHash64.Hash([]));
        Assert.Equal(expected, XxHash64.Hash([], 0));
        Assert.Equal(expected, XxHash64.Hash(ReadOnlySpan<byte>.Empty, 0));
        Assert.Equal(8, XxHash64.Hash(ReadOnlySpan<byte>.Empty, destination));
        Assert.Equal(expected, destination);
        Assert.Equal(expected, new XxHash64().GetCurrentHash());
        Assert.Equal(8, new XxHash64().HashLengthInBytes);
    }

    [Fact]
    public void A_short_destination_is_refused_and_left_alone()
    {
        var hash = new XxHash64();
        Assert.False(XxHash64.TryHash("x"u8, new byte[7], out var written));
        Assert.Equal(0, written);
        Assert.False(hash.TryGetCurrentHash(new byte[7], out _));
        Assert.False(hash.TryGetHashAndReset(new byte[7], out _));
        Assert.Throws<ArgumentException>(() => hash.GetCurrentHash(new byte[7]));
        Assert.Throws<ArgumentException>(() => XxHash64.Hash("x"u8, new byte[7]));
    }

    [Fact]
    public void A_clone_goes_its_own_way()
    {
        var hash = new XxHash64(3);
        hash.Append(SanityBuffer.AsSpan(0, 50));
        var clone = hash.Clone();
        clone.Append(SanityBuffer.AsSpan(50, 50));
        Assert.Equal(XxHash64.HashToUInt64(SanityBuffer.AsSpan(0, 50), 3), hash.GetCurrentHashAsUInt64());
        Assert.Equal(XxHash64.HashToUInt64(SanityBuffer.AsSpan(0, 100), 3), clone.GetCurrentHashAsUInt64());
    }

    [Fact]
    public void Reset_forgets_the_bytes_and_keeps_the_seed()
    {
        var hash = new XxHash64(3);
        hash.Append(SanityBuffer);
        var all = hash.GetHashAndReset();
        Assert.Equal(XxHash64.Hash(SanityBuffer, 3), all);
        Assert.Equal(XxHash64.HashToUInt64([], 3), hash.GetCurrentHashAsUInt64());
    }

    [Fact]
    public async Task A_stream_is_fed_to_its_end()
    {
        var hash = new XxHash64();
        hash.Append(new MemoryStream(SanityBuffer));
        await hash.AppendAsync(new MemoryStream(SanityBuffer));
        Assert.Equal(XxHash64.Hash([.. SanityBuffer, .. SanityBuffer]), hash.GetCurrentHash());
    }

    private static byte[] MakeSanityBuffer(int length)
    {
        var buffer = new byte[length];
        var state = 2654435761UL;
        for (var index = 0; index < length; index++)
        {
            buffer[index] = (byte)(state >> 56);
            state *= 11400714785074694797UL;
        }

        return buffer;
    }
}
