using System.Buffers;
using MessagePack;
using Swim.Core.Crdt;
using Xunit;

namespace Swim.Core.Tests.Crdt;

/// <summary>To bytes and back, with nothing left over.</summary>
internal static class Encoding
{
    public delegate void Writing(ref MessagePackWriter writer);

    public static byte[] Of(Writing writing)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writing(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static T Read<T>(byte[] bytes, ElementReader<T> reading)
    {
        var reader = new MessagePackReader(bytes);
        var value = reading(ref reader);
        Assert.True(reader.End);
        return value;
    }
}
