using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;
using Xunit;

namespace Swim.StandIns.Tests.Rpc;

public sealed class StreamsTests
{
    [Fact]
    public async Task All_messages_are_read_in_order()
    {
        var read = new List<string>();

        await foreach (var message in new Messages("a", "b", "c").ReadAllAsync())
            read.Add(message);

        Assert.Equal(["a", "b", "c"], read);
    }

    [Fact]
    public async Task The_token_of_the_enumeration_reaches_the_reader()
    {
        using var source = new CancellationTokenSource();
        var messages = new Messages("a");

        await foreach (var _ in messages.ReadAllAsync().WithCancellation(source.Token))
            Assert.Equal(source.Token, messages.LastToken);

        Assert.Throws<ArgumentNullException>(() => ((Messages)null!).ReadAllAsync());
    }

    [Fact]
    public async Task A_writer_without_cancellation_refuses_a_token_that_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        IAsyncStreamWriter<string> writer = new Written();

        await writer.WriteAsync("a", CancellationToken.None);
        await Assert.ThrowsAsync<NotSupportedException>(() => writer.WriteAsync("b", source.Token));

        Assert.Equal(["a"], ((Written)writer).Sent);
    }

    public static TheoryData<ICompressionProvider, string, byte[]> Providers => new()
    {
        { new GzipCompressionProvider(CompressionLevel.Fastest), "gzip", [0x1f, 0x8b] },
        { new DeflateCompressionProvider(CompressionLevel.Fastest), "deflate", [0x78] },
    };

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_compressed_message_comes_back(ICompressionProvider provider, string name, byte[] magic)
    {
        var plain = Enumerable.Range(0, 10_000).Select(i => (byte)(i / 100)).ToArray();
        using var packed = new MemoryStream();

        using (var compression = provider.CreateCompressionStream(packed, null))
            compression.Write(plain);
        var bytes = packed.ToArray();
        packed.Position = 0;
        using var unpacked = new MemoryStream();
        using (var decompression = provider.CreateDecompressionStream(packed))
            decompression.CopyTo(unpacked);

        Assert.Equal(name, provider.EncodingName);
        Assert.Equal(magic, bytes[..magic.Length]);
        Assert.InRange(bytes.Length, 1, plain.Length / 10);
        Assert.Equal(plain, unpacked.ToArray());
    }

    private sealed class Messages(params string[] messages) : IAsyncStreamReader<string>
    {
        private int _next;

        public string Current { get; private set; } = "";

        public CancellationToken LastToken { get; private set; }

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            LastToken = cancellationToken;
            if (_next == messages.Length)
                return Task.FromResult(false);
            Current = messages[_next++];
            return Task.FromResult(true);
        }
    }

    private sealed class Written : IAsyncStreamWriter<string>
    {
        public List<string> Sent { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message)
        {
            Sent.Add(message);
            return Task.CompletedTask;
        }
    }
}
