using Swim.Core.Replication;
using Swim.Core.Scheduling;

namespace Swim.Simulation;

/// <summary>Somebody who looks on and must not change anything: a checker of what happens on the way.</summary>
internal interface IObserver
{
    /// <summary>A node begins an attempt.</summary>
    void OnTaskStarted(int node, StartTask task);

    /// <summary>An attempt ended on a node.</summary>
    void OnTaskEnded(int node, StartTask task, AttemptOutcome outcome);

    /// <summary>A node sends a frame to another.</summary>
    void OnSent(int from, int to, PeerMessage message);
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
}
