using Swim.Node.Transport;
using Xunit;

namespace Swim.Node.Tests.Transport;

/// <summary>How many frames are under way on a stream.</summary>
public sealed class SendWindowTests
{
    [Fact]
    public async Task No_more_goes_out_than_the_window_until_the_receiver_has_taken_some()
    {
        var window = new SendWindow(4);
        await window.TakeAsync(3, CancellationToken.None);
        await window.TakeAsync(1, CancellationToken.None);
        var next = window.TakeAsync(1, CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        window.OnTaken(1);
        await next.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(window.TakeAsync(1, CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_receiver_cannot_open_it_with_what_it_was_never_sent_nor_take_back_what_it_took()
    {
        var window = new SendWindow(2);
        await window.TakeAsync(2, CancellationToken.None);
        window.OnTaken(long.MaxValue);
        await window.TakeAsync(2, CancellationToken.None);
        window.OnTaken(-5);
        Assert.False(window.TakeAsync(1, CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Once_closed_who_waits_hears_of_it()
    {
        var window = new SendWindow(1);
        await window.TakeAsync(1, CancellationToken.None);
        var waiting = window.TakeAsync(1, CancellationToken.None).AsTask();
        window.Close();
        await Assert.ThrowsAsync<IOException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
