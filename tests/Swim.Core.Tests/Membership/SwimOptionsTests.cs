using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

public sealed class SwimOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new SwimOptions().Validate());

    [Fact]
    public void The_largest_valid_table_at_its_longest_fits_into_one_push_pull()
    {
        var most = Enumerable.Range(1, 100_000).Last(static count => !(new SwimOptions { MembersMax = count }).Validate().Any());
        var meta = Samples.Longest;
        Assert.Equal(MemberMeta.BytesMax, RecordCodec.EncodeMeta(meta).Length);
        var longest = new MemberRecord(new NodeId(ulong.MaxValue), ulong.MaxValue, ulong.MaxValue, MemberState.Left, meta);
        var codec = new PushPullCodec(ulong.MaxValue, most);
        var body = codec.Encode(new PushPullHead(longest.Id, ulong.MaxValue, 1, ulong.MaxValue), longest, [.. Enumerable.Repeat(longest, most)]);
        List<RecordView> read = [];
        Assert.Null(codec.Decode(body, out _, read));
        Assert.Equal(most + 1, read.Count);
    }

    [Theory]
    [InlineData(1, 3.0)]
    [InlineData(9, 4.0)]
    [InlineData(99, 8.0)]
    [InlineData(999, 12.0)]
    public void A_suspicion_lasts_four_times_the_decimal_logarithm_of_the_group_in_periods(int members, double periods) =>
        Assert.Equal(TimeSpan.FromSeconds(periods), new SwimOptions().SuspicionTimeout(members));

    [Theory]
    [InlineData(99, 0, 48.0)]
    [InlineData(99, 1, 28.0)]
    [InlineData(99, 2, 16.32)]
    [InlineData(99, 3, 8.0)]
    [InlineData(99, 4, 8.0)]
    [InlineData(2, 0, 3.0)]
    [InlineData(3, 0, 18.0)]
    [InlineData(3, 1, 3.0)]
    public void Each_confirmation_shortens_a_suspicion_by_less_than_the_one_before(int members, int confirmations, double periods) =>
        Assert.Equal(TimeSpan.FromSeconds(periods), new SwimOptions().SuspicionTimeout(members, confirmations));

    [Theory]
    [InlineData(1, 8)]
    [InlineData(7, 9)]
    [InlineData(8, 12)]
    [InlineData(1000, 30)]
    public void News_is_sent_three_times_the_binary_logarithm_of_the_group(int members, int times) =>
        Assert.Equal(times, new SwimOptions().RetransmitBudget(members));
}
