using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>SWIM (Das et al. 2002) section 4.3.</summary>
public sealed class ProbeOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_pass_probes_every_member_once_in_another_order(ulong seed)
    {
        var order = new ProbeOrder(new Prng(seed));
        for (var i = 1; i <= 20; i++) order.Add(Samples.Id(i));
        var passes = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 20).Select(_ => order.Next()).ToList()).ToList();
        Assert.All(passes, static pass => Assert.Equal(20, pass.Distinct().Count()));
        Assert.False(passes[0].SequenceEqual(passes[1]) && passes[1].SequenceEqual(passes[2]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_member_waits_longer_than_two_passes(ulong seed)
    {
        var order = new ProbeOrder(new Prng(seed));
        for (var i = 1; i <= 20; i++) order.Add(Samples.Id(i));
        var last = Enumerable.Range(1, 20).ToDictionary(Samples.Id, static _ => 0);
        for (var turn = 1; turn <= 2000; turn++)
        {
            var id = order.Next();
            Assert.InRange(turn - last[id], 1, 39);
            last[id] = turn;
        }
    }

    [Fact]
    public void A_removed_member_is_probed_no_more_and_costs_nobody_a_turn()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var order = new ProbeOrder(new Prng(seed));
            for (var i = 1; i <= 6; i++) order.Add(Samples.Id(i));
            List<NodeId> probed = [order.Next(), order.Next(), order.Next()];
            order.Remove(probed[1]);
            var rest = Enumerable.Range(0, 3).Select(_ => order.Next()).ToList();
            Assert.Equal(6, probed.Concat(rest).Distinct().Count());
            Assert.DoesNotContain(probed[1], Enumerable.Range(0, 50).Select(_ => order.Next()));
        }
    }

    [Fact]
    public void A_newcomer_makes_nobody_lose_a_turn_or_get_two()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var order = new ProbeOrder(new Prng(seed));
            for (var i = 1; i <= 6; i++) order.Add(Samples.Id(i));
            List<NodeId> probed = [order.Next(), order.Next(), order.Next()];
            order.Add(Samples.Id(7));
            while (probed.Count < 6 || (probed.Count == 6 && probed.Contains(Samples.Id(7)))) probed.Add(order.Next());
            Assert.Equal(6, probed.Where(static id => id != Samples.Id(7)).Distinct().Count());
            Assert.Equal(probed.Count, probed.Distinct().Count());
        }
    }
}
