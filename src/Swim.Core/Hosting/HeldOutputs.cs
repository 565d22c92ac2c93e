namespace Swim.Core.Hosting;

/// <summary>
/// Holds outputs until the log position they depend on is durable, and gives them back in order. Every output of a persisting
/// core passes here, also one of a call that persisted nothing: it may tell of something appended a moment earlier.
/// </summary>
public sealed class HeldOutputs
{
    private readonly Queue<(long Position, Output Output)> _held = new();
    private long _durable;

    /// <summary>How many outputs wait.</summary>
    public int Count => _held.Count;

    /// <summary>The highest position known to be durable.</summary>
    public long Durable => _durable;

    /// <summary>Takes an output that may leave once <paramref name="position"/> is durable. Positions never go down.</summary>
    public void Hold(long position, Output output) => _held.Enqueue((position, output));

    /// <summary>Everything up to <paramref name="position"/> is durable now.</summary>
    public void OnPersisted(long position) => _durable = Math.Max(_durable, position);

    /// <summary>Takes out the next output that may leave, in the order of <see cref="Hold"/>.</summary>
    public bool TryRelease(out Output? output)
    {
        output = null;
        if (!_held.TryPeek(out var next) || next.Position > _durable) return false;
        output = _held.Dequeue().Output;
        return true;
    }
}
