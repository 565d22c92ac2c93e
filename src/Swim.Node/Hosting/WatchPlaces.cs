namespace Swim.Node.Hosting;

/// <summary>Bounds how many workflows a node follows for its clients at once.</summary>
internal sealed class WatchPlaces
{
    /// <summary>The bound.</summary>
    public const int Max = 1_000;

    private int _taken;

    /// <summary>How many are taken.</summary>
    public int Taken => Math.Min(Max, Volatile.Read(ref _taken));

    /// <summary>A place, given back by disposing of it; null when none is free.</summary>
    public IDisposable? Enter()
    {
        if (Interlocked.Increment(ref _taken) <= Max) return new Place(this);
        Interlocked.Decrement(ref _taken);
        return null;
    }

    private sealed class Place(WatchPlaces places) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0) Interlocked.Decrement(ref places._taken);
        }
    }
}
