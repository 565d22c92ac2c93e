using Swim.Node.Transport.Sealing;
using Xunit;

namespace Swim.Node.Tests.Transport.Sealing;

public sealed class KeyParcelTests
{
    [Fact]
    public void A_key_arrives_with_those_who_have_the_one_it_was_packed_under_and_with_nobody_else()
    {
        var parcel = KeyParcel.Pack(SealSamples.Key(2), SealSamples.Key(1));
        Assert.Equal(SealSamples.Key(2), KeyParcel.Unpack(parcel.Bytes.Span, SealSamples.Key(1)));
        Assert.Null(KeyParcel.Unpack(parcel.Bytes.Span, SealSamples.Key(3)));
        Assert.Equal(-1, parcel.Bytes.Span.IndexOf(SealSamples.Key(2).Secret[..8]));
    }

    [Fact]
    public void A_parcel_that_was_changed_cut_or_made_longer_holds_no_key()
    {
        var bytes = KeyParcel.Pack(SealSamples.Key(2), SealSamples.Key(1)).Bytes.ToArray();
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            Assert.Null(KeyParcel.Unpack(bytes, SealSamples.Key(1)));
            bytes[at] ^= 1;
            Assert.Null(KeyParcel.Unpack(bytes.AsSpan(0, at), SealSamples.Key(1)));
        }

        Assert.Null(KeyParcel.Unpack([.. bytes, 0], SealSamples.Key(1)));
    }
}
