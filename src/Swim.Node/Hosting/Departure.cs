namespace Swim.Node.Hosting;

/// <summary>
/// Takes this node out of its cluster: has it own nothing, waits until others know that, have what it held, and nothing runs here, says farewell, and
/// ends the node. Outlives the call that began it. Safe to use from several threads.
/// </summary>
internal sealed class Departure(StateLoop state, MembershipLoop membership, Func<Task> end, CancellationToken stopping)
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(100);

    // Whoever asked may still hear the answer.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(300);
    private readonly Lock _lock = new();
    private bool _isWatching;
    private bool _isWanted;

    /// <summary>True once the node holds nothing and has said farewell.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Begins to leave, or stays after all. Too late to stay once <see cref="HasLeft"/>.</summary>
    public void Want(bool leave)
    {
        lock (_lock)
        {
            if (HasLeft) return;
            _isWanted = leave;
            state.SetDraining(leave, membership.AnnounceLeaving);
            if (!leave || _isWatching) return;
            _isWatching = true;
        }

        _ = WatchAsync();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (!await TryLeaveAsync().ConfigureAwait(false)) await Task.Delay(LookPeriod, stopping).ConfigureAwait(false);
            await Task.Delay(AnswerTime, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The node stops for another reason; started again it is a member as before.
            return;
        }

        if (HasLeft) await end().ConfigureAwait(false);
    }

    // True when there is nothing to wait for any more.
    private async Task<bool> TryLeaveAsync()
    {
        var look = await state.LookAsync().WaitAsync(stopping).ConfigureAwait(false);
        // One whose leaving nobody has heard of would be taken for dead, and keep its place for ever.
        var isHeard = await membership.IsHeardAsync().WaitAsync(stopping).ConfigureAwait(false);
        lock (_lock)
        {
            if (!_isWanted)
            {
                _isWatching = false;
                return true;
            }

            if (!look.HasLeftNothing || !isHeard) return false;
            HasLeft = true;
        }

        membership.Leave();
        return true;
    }
}
