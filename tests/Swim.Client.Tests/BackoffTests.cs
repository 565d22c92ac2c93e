using Xunit;

namespace Swim.Client.Tests;

public sealed class BackoffTests
{
    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    [Theory]
    [InlineData(1, 0.0, 50)]
    [InlineData(1, 0.5, 75)]
    [InlineData(2, 0.0, 100)]
    [InlineData(3, 0.5, 300)]
    [InlineData(5, 0.0, 800)]
    [InlineData(6, 0.0, 1_000)]
    [InlineData(6, 0.5, 1_500)]
    [InlineData(1_000_000, 0.0, 1_000)]
    public void A_pause_doubles_up_to_the_most_and_half_of_it_is_chance(int failures, double sample, int expectedMs) =>
        Assert.Equal(expectedMs, Backoff.After(failures, sample).TotalMilliseconds);

    [Fact]
    public void Pauses_of_many_clients_differ() =>
        Assert.True(Enumerable.Range(0, 100).Select(static _ => Backoff.After(4, TimeSpan.Zero)).Distinct().Count() > 50);

    [Fact]
    public void What_a_server_asks_for_is_kept_where_it_is_longer()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Backoff.After(1, TimeSpan.FromSeconds(7)));
        Assert.InRange(Backoff.After(1, TimeSpan.FromMilliseconds(1)), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100));
    }
}
