using Swim.Core.Replication;
using Swim.Core.Scheduling;

namespace Swim.Simulation;

/// <summary>Somebody who looks on and must not change anything: a checker of what happens on the way. Each looks at what it needs.</summary>
internal interface IObserver
{
    /// <summary>A node begins an attempt.</summary>
    void OnTaskStarted(int node, StartTask task)
    {
    }

    /// <summary>An attempt ended on a node.</summary>
    void OnTaskEnded(int node, StartTask task, AttemptOutcome outcome)
    {
    }

    /// <summary>A node sends a frame to another.</summary>
    void OnSent(int from, int to, PeerMessage message)
    {
    }

    /// <summary>A node's life begins; its log gave the records up to <paramref name="position"/>.</summary>
    void OnRecovered(int node, long position)
    {
    }

    /// <summary>What lies on a node's disk, which is down, has changed by itself.</summary>
    void OnDecayed(int node)
    {
    }

    /// <summary>A node puts its log aside, since it was removed, and begins with an empty one.</summary>
    void OnBeganAnew(int node)
    {
    }

    /// <summary>A node hands a record to its log.</summary>
    void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
    }

    /// <summary>The next so many records of a node's log are on its disk now.</summary>
    void OnSynced(int node, long records)
    {
    }

    /// <summary>A node is told that its log is durable up to <paramref name="position"/>.</summary>
    void OnDurable(int node, long position)
    {
    }

    /// <summary>A copy is made of what is durable on a node's disk.</summary>
    void OnBackup(int node)
    {
    }

    /// <summary>A node, which is down, has another disk: an empty one, or one with what the last backup found.</summary>
    void OnDiskSetBack(int node, bool toBackup)
    {
    }
}

/// <summary>All that look on, in the order in which they came.</summary>
internal sealed class Observers : IObserver
{
    private readonly List<IObserver> _all = [];

    /// <summary>One more looks on.</summary>
    public void Add(IObserver observer) => _all.Add(observer);

    /// <inheritdoc/>
    public void OnTaskStarted(int node, StartTask task) => _all.ForEach(observer => observer.OnTaskStarted(node, task));

    /// <inheritdoc/>
    public void OnTaskEnded(int node, StartTask task, AttemptOutcome outcome) => _all.ForEach(observer => observer.OnTaskEnded(node, task, outcome));

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message) => _all.ForEach(observer => observer.OnSent(from, to, message));

    /// <inheritdoc/>
    public void OnRecovered(int node, long position) => _all.ForEach(observer => observer.OnRecovered(node, position));

    /// <inheritdoc/>
    public void OnDecayed(int node) => _all.ForEach(observer => observer.OnDecayed(node));

    /// <inheritdoc/>
    public void OnBeganAnew(int node) => _all.ForEach(observer => observer.OnBeganAnew(node));

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record) => _all.ForEach(observer => observer.OnAppended(node, record));

    /// <inheritdoc/>
    public void OnSynced(int node, long records) => _all.ForEach(observer => observer.OnSynced(node, records));

    /// <inheritdoc/>
    public void OnDurable(int node, long position) => _all.ForEach(observer => observer.OnDurable(node, position));

    /// <inheritdoc/>
    public void OnBackup(int node) => _all.ForEach(observer => observer.OnBackup(node));

    /// <inheritdoc/>
    public void OnDiskSetBack(int node, bool toBackup) => _all.ForEach(observer => observer.OnDiskSetBack(node, toBackup));
}
