using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>SWIM (Das et al. 2002) section 4.1.</summary>
public sealed class DisseminationTests
{
    private readonly Dissemination _news = new();

    [Fact]
    public void News_is_sent_as_often_as_its_budget_and_then_forgotten()
    {
        _news.Offer(Samples.Alive(1));
        for (var i = 0; i < 8; i++) Assert.Single(Take(8, 1000));
        Assert.Empty(Take(8, 1000));
        Assert.Equal(0, _news.Count);
    }

    [Fact]
    public void Where_not_all_fits_the_least_often_sent_goes_first_and_of_those_the_newest()
    {
        var (one, two) = (RecordCodec.Encode(Samples.Alive(1)), RecordCodec.Encode(Samples.Alive(2)));
        _news.Offer(Samples.Alive(1));
        _news.Offer(Samples.Alive(2));
        foreach (var expected in new[] { two, one, two, one }) Assert.Equal(expected, Assert.Single(Take(8, two.Length)));
    }

    [Fact]
    public void A_newer_record_replaces_the_older_and_starts_anew()
    {
        _news.Offer(Samples.Alive(1));
        for (var i = 0; i < 7; i++) Take(8, 1000);
        var newer = Samples.Alive(1) with { Incarnation = 1 };
        _news.Offer(newer);
        for (var i = 0; i < 8; i++) Assert.Equal(RecordCodec.Encode(newer), Assert.Single(Take(8, 1000)));
        Assert.Equal(0, _news.Count);
    }

    private List<byte[]> Take(int budget, int bytes)
    {
        List<byte[]> rumours = [];
        _news.Take(rumours, bytes, budget, NodeId.None, NodeId.None);
        return rumours;
    }
}
