using Swim.Core.Primitives;
using Swim.Core.Replication.Riblt;
using Xunit;

namespace Swim.Core.Tests.Replication.Riblt;

public sealed class SymbolCodecTests
{
    [Fact]
    public void Symbols_come_back_whatever_their_count()
    {
        CodedSymbol[] symbols =
        [
            default, new(ulong.MaxValue, uint.MaxValue, int.MaxValue), new(1, 2, int.MinValue), new(3, 4, -1), new(5, 6, 63), new(7, 8, 64), new(9, 10, -64), new(11, 12, -65),
        ];
        Assert.True(SymbolCodec.TryRead(SymbolCodec.Write(symbols), symbols.Length, out var read));
        Assert.Equal(symbols, read);
        Assert.False(SymbolCodec.TryRead(SymbolCodec.Write(symbols), symbols.Length - 1, out _));
    }

    [Fact]
    public void Symbols_cut_short_are_refused()
    {
        var bytes = SymbolCodec.Write([new(1, 2, 300)]);
        for (var length = 1; length < bytes.Length; length++) Assert.False(SymbolCodec.TryRead(bytes.AsSpan(0, length), 8, out _));
    }

    [Fact]
    public void Bytes_that_are_read_are_those_that_would_be_written()
    {
        var prng = new Prng(1);
        var taken = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[prng.Next(60)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)prng.Next(256);
            if (!SymbolCodec.TryRead(bytes, 8, out var read)) continue;
            Assert.Equal(bytes, SymbolCodec.Write(read));
            taken++;
        }

        Assert.True(taken > 500);
    }
}
