using System.Buffers;
using MessagePack;
using Xunit;

namespace Swim.StandIns.Tests.MessagePack;

/// <summary>What one token is written with, and a reader over it.</summary>
internal static class Bytes
{
    public delegate void Writing(ref MessagePackWriter writer);

    public delegate T Reading<out T>(ref MessagePackReader reader);

    public static byte[] Of(Writing writing)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writing(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static string Hex(Writing writing) => Convert.ToHexStringLower(Of(writing));

    /// <summary>Reads one value and insists that nothing is left.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, Reading<T> reading)
    {
        var reader = new MessagePackReader(bytes);
        var value = reading(ref reader);
        Assert.True(reader.End);
        Assert.Equal(bytes.Length, reader.Consumed);
        return value;
    }

    public static T Read<T>(string hex, Reading<T> reading) => Read(Convert.FromHexString(hex), reading);

    /// <summary>The same bytes as a sequence cut at <paramref name="cut"/>.</summary>
    public static ReadOnlySequence<byte> CutAt(byte[] bytes, int cut)
    {
        var first = new Segment(bytes.AsMemory(0, cut), null);
        var last = new Segment(bytes.AsMemory(cut), first);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                previous.Next = this;
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
            }
        }
    }
}
