using Swim.Core.Primitives;
using Swim.Node.Transport.Sealing;

namespace Swim.Node.Tests.Transport.Sealing;

/// <summary>Keys that differ in their number only, and rings of them.</summary>
internal static class SealSamples
{
    public static SealKey Key(byte number) => new([.. Enumerable.Repeat(number, SealKey.SecretBytes)]);

    public static string Line(byte number) => Convert.ToBase64String(Key(number).Secret);

    public static KeyRing Ring(params byte[] numbers)
    {
        var ring = KeyRing.Of(Key(numbers[0]));
        foreach (var number in numbers[1..])
        {
            if (ring.With(Key(number), out ring) != KeyChange.Done) throw new InvalidOperationException($"key {number} does not fit in");
        }

        return ring;
    }

    /// <summary>Numbers of the first keys with ids of their own.</summary>
    public static byte[] Fitting(int count)
    {
        HashSet<byte> ids = [];
        return [.. Enumerable.Range(1, 200).Select(static number => (byte)number).Where(number => ids.Add(Key(number).Id)).Take(count)];
    }

    public static AesGcmSeal Seal(KeyRing ring, ulong node = 2, ulong epoch = 1, string cluster = "test", Func<ulong>? salt = null) => new(ring, cluster, new NodeId(node), epoch, salt);
}
