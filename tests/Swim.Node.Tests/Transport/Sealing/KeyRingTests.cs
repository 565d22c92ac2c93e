using Swim.Node.Transport.Sealing;
using Xunit;

namespace Swim.Node.Tests.Transport.Sealing;

public sealed class KeyRingTests
{
    [Fact]
    public void A_key_of_another_length_is_none()
    {
        Assert.Null(SealKey.TryParse(Convert.ToBase64String(new byte[16]), out var fault));
        Assert.Equal("has 16 bytes", fault);
        Assert.Null(SealKey.TryParse("no key at all!", out fault));
        Assert.Equal("is no base64", fault);
    }

    [Fact]
    public void A_key_shows_its_fingerprint_only_and_the_same_one_each_time()
    {
        var key = SealSamples.Key(1);
        Assert.Equal(SealSamples.Key(1).Fingerprint, key.ToString());
        Assert.Matches("^[0-9a-f]{16}$", key.Fingerprint);
        Assert.NotEqual(SealSamples.Key(2).Fingerprint, key.Fingerprint);
        Assert.DoesNotContain("01010101", key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_ninth_key_does_not_fit_in()
    {
        var numbers = SealSamples.Fitting(9);
        var ring = SealSamples.Ring(numbers[..8]);
        Assert.Equal(KeyChange.Full, ring.With(SealSamples.Key(numbers[8]), out var same));
        Assert.Same(ring, same);
    }

    [Fact]
    public void Two_keys_with_one_id_do_not_fit_into_a_ring()
    {
        var byId = Enumerable.Range(1, 255).Select(static number => SealSamples.Key((byte)number)).GroupBy(static key => key.Id).First(static keys => keys.Count() > 1).ToList();
        Assert.Equal(KeyChange.IdTaken, KeyRing.Of(byId[0]).With(byId[1], out _));
    }

    [Fact]
    public void The_primary_can_be_changed_and_not_removed()
    {
        var (one, two) = (SealSamples.Key(1), SealSamples.Key(2));
        var ring = SealSamples.Ring(1, 2);
        Assert.Equal(KeyChange.IsPrimary, ring.Without(one.Fingerprint, out _));
        Assert.Equal(KeyChange.Done, ring.Using(two.Fingerprint, out ring));
        Assert.Equal([two, one], ring.Keys);
        Assert.Equal(KeyChange.Nothing, ring.Using(two.Fingerprint, out _));
        Assert.Equal(KeyChange.Done, ring.Without(one.Fingerprint, out ring));
        Assert.Equal([two], ring.Keys);
        Assert.Equal(KeyChange.Nothing, ring.Without(one.Fingerprint, out _));
        Assert.Equal(KeyChange.Unknown, ring.Using(one.Fingerprint, out _));
    }
}
