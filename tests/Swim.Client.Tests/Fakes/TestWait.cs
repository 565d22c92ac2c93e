using Xunit;

namespace Swim.Client.Tests.Fakes;

/// <summary>Waits for conditions.</summary>
internal static class TestWait
{
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, "not within 30 s");
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
