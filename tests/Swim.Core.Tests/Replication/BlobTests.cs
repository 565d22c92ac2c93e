using System.Buffers;
using MessagePack;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Xunit;

namespace Swim.Core.Tests.Replication;

public sealed class BlobTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(Blob.InlineBytesMax, 0)]
    [InlineData(Blob.InlineBytesMax + 1, 1)]
    [InlineData(Blob.ChunkBytes, 1)]
    [InlineData(Blob.ChunkBytes + 1, 2)]
    [InlineData(3 * Blob.ChunkBytes, 3)]
    [InlineData(Blob.BytesMax, 274)]
    public void What_is_written_and_its_chunks_make_the_bytes_again(int length, int chunks)
    {
        var bytes = BytesOf(length);
        var blob = RoundTrip(Blob.Of(bytes));
        Assert.Equal((length, chunks), (blob.Length, blob.ChunkCount));
        Assert.True(blob.Assemble(Chunks(bytes))!.Value.Span.SequenceEqual(bytes));
    }

    [Fact]
    public void A_missing_chunk_leaves_nothing()
    {
        var bytes = BytesOf(3 * Blob.ChunkBytes);
        var blob = Blob.Of(bytes);
        Assert.Null(blob.Assemble(key => key == blob.KeyOf(1) ? null : Chunks(bytes)(key)));
        Assert.False(blob.IsWhole(key => key != blob.KeyOf(2)));
        Assert.True(blob.IsWhole(static _ => true));
    }

    [Fact]
    public void A_chunk_of_other_bytes_or_length_leaves_nothing()
    {
        var bytes = BytesOf(2 * Blob.ChunkBytes);
        var blob = Blob.Of(bytes);
        var (wrong, longer) = (new byte[Blob.ChunkBytes], new byte[Blob.ChunkBytes + 1]);
        Assert.Null(blob.Assemble(key => key == blob.KeyOf(1) ? wrong : Chunks(bytes)(key)));
        Assert.Null(blob.Assemble(key => key == blob.KeyOf(0) ? longer : Chunks(bytes)(key)));
    }

    [Fact]
    public void Chunks_of_equal_bytes_have_equal_keys_and_of_others_other_keys()
    {
        var bytes = BytesOf(Blob.ChunkBytes);
        Assert.Equal(Blob.Of(bytes).KeyOf(0), Blob.Of(bytes.ToArray()).KeyOf(0));
        bytes[^1]++;
        Assert.NotEqual(Blob.Of(BytesOf(Blob.ChunkBytes)).KeyOf(0), Blob.Of(bytes).KeyOf(0));
    }

    [Fact]
    public void What_claims_a_length_that_cannot_be_is_refused()
    {
        foreach (var length in new[] { -1, 0, Blob.InlineBytesMax, Blob.BytesMax + 1 }) Assert.ThrowsAny<MessagePackSerializationException>(() => ReadLength(length));
        Assert.Equal(Blob.BytesMax, ReadLength(Blob.BytesMax).Length);
    }

    private static Blob ReadLength(int length)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(3);
        writer.Write(length);
        writer.Write(1UL);
        writer.Write(2UL);
        writer.Flush();
        var reader = new MessagePackReader(buffer.WrittenMemory);
        return Blob.Read(ref reader);
    }

    private static Blob RoundTrip(Blob blob)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        blob.Write(ref writer);
        writer.Flush();
        var reader = new MessagePackReader(buffer.WrittenMemory);
        var same = Blob.Read(ref reader);
        Assert.True(reader.End);
        return same;
    }

    private static Func<Subkey, ReadOnlyMemory<byte>?> Chunks(byte[] bytes)
    {
        var blob = Blob.Of(bytes);
        return key => Enumerable.Range(0, blob.ChunkCount).Where(chunk => blob.KeyOf(chunk) == key).Select(chunk => (ReadOnlyMemory<byte>?)Blob.ChunkOf(bytes, chunk)).Single();
    }

    private static byte[] BytesOf(int length)
    {
        var (prng, bytes) = (new Prng((ulong)length + 1), new byte[length]);
        for (var i = 0; i < length; i++) bytes[i] = (byte)prng.Next(256);
        return bytes;
    }
}
