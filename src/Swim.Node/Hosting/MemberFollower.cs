using System.Threading.Channels;
using Swim.Core.Membership;

namespace Swim.Node.Hosting;

/// <summary>
/// One follower of a <see cref="MemberFeed"/>, read by one reader. At most <see cref="WaitingMax"/> events wait for it; when more come, it gets what
/// waits and then all members again.
/// </summary>
internal sealed class MemberFollower(MemberFeed feed) : IDisposable
{
    /// <summary>The bound.</summary>
    public const int WaitingMax = 1_024;

    private readonly Channel<bool> _called = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Both under the lock of the feed.
    private readonly Queue<MemberNews> _waiting = new();
    private (bool IsDue, bool HasBegun, long Dropped) _all = (true, false, 0);

    /// <summary>The next news, once there is any.</summary>
    public async Task<MemberNews> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (feed.TryTake(this, out var news)) return news!;
            await _called.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => feed.Leave(this);

    /// <summary>Under the lock of the feed: more happened. Says how much of it is left out.</summary>
    internal long Offer(IReadOnlyList<MemberHappening> news)
    {
        var dropped = 0L;
        foreach (var one in news)
        {
            if (!_all.IsDue && _waiting.Count < WaitingMax) _waiting.Enqueue(one);
            else if (_all.HasBegun) dropped++;
        }

        if (dropped > 0) _all = (true, true, _all.Dropped + dropped);
        _called.Writer.TryWrite(true);
        return dropped;
    }

    /// <summary>Under the lock of the feed: takes the next news, where there is any.</summary>
    internal bool TryTake(MembersSnapshot members, out MemberNews? news)
    {
        if (_waiting.TryDequeue(out news)) return true;
        if (!_all.IsDue) return false;
        news = new AllMembers(members, _all.Dropped);
        _all = (false, true, 0);
        return true;
    }
}
