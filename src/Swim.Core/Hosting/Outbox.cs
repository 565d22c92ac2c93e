namespace Swim.Core.Hosting;

/// <summary>Something a core asks of its host. Each core's folder declares its own; the host matches on the type.</summary>
public abstract record Output;

/// <summary>
/// What one call of a core asks of its host, in order. The host passes an empty one with every input, drains it after the call
/// and clears it: a core never calls out. Owned by one loop; not safe for several threads.
/// </summary>
public sealed class Outbox
{
    private readonly List<Output> _items = [];

    /// <summary>The outputs in the order in which they were asked for.</summary>
    public IReadOnlyList<Output> Items => _items;

    /// <summary>Asks for one thing more.</summary>
    public void Add(Output output) => _items.Add(output);

    /// <summary>Asks to be called back with <paramref name="timer"/> at <paramref name="dueTicks"/> of the monotonic clock.</summary>
    public void SetTimer(NodeTimer timer, long dueTicks) => _items.Add(new SetTimer(timer, dueTicks));

    /// <summary>Tells the operator something; the host logs or counts it.</summary>
    public void Notify(Notice notice) => _items.Add(notice);

    /// <summary>Empties the box for the next call.</summary>
    public void Clear() => _items.Clear();
}
