using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Whether this node may plan and write: not before it has exchanged state with every other member it can reach, after a start
/// and after a partition healed, or waited in vain for a while. Meanwhile commands wait.
/// </summary>
internal sealed class Readiness(ReplicaState state)
{
    private readonly SortedSet<NodeId> _awaited = [];
    private long _deadline;
    private bool _started;
    private bool _hasMissed;
    private bool _hasBegun;

    /// <summary>Whether this node's clock lets it write.</summary>
    public required ClockWatch Clock { get; init; }

    /// <summary>True when no exchange is awaited: it holds what the others did, and may answer reads.</summary>
    public bool HasState => _started && (_awaited.Count == 0 || Planted.Is(Mutant.PlansBeforeExchange));

    /// <summary>True when it may plan and write.</summary>
    public bool IsReady => HasState && Clock.MayOriginate;

    /// <summary>True when it may not write, since its clock is off.</summary>
    public bool IsClockOff => Clock.OffByMs != 0 && !Clock.MayOriginate;

    /// <summary>Somebody cannot be asked: nobody knows what that one has seen of this node.</summary>
    public void Miss() => _hasMissed = true;

    /// <summary>It goes to work. True when it does so for the first time since the start, and somebody could not be asked or did not answer.</summary>
    public bool Begin()
    {
        var isBlind = _hasMissed && !_hasBegun;
        _hasBegun = true;
        return isBlind;
    }

    /// <summary>True when an exchange with another node has completed since the start.</summary>
    public bool HasExchanged { get; private set; }

    /// <summary>
    /// True for a node of which this one, which has exchanged state with nobody yet, has not heard: that one sees another ring, and what this one takes for its
    /// own, and for all there is, is not. Others, whom it knows, it has asked.
    /// </summary>
    public bool IsStrangerTo(NodeId asker) => !HasExchanged && asker != state.Self && state.Placement.Find(asker) is null;

    /// <summary>Begins, or adds to, the wait for these peers.</summary>
    public void Await(IReadOnlyCollection<NodeId> peers)
    {
        _started = true;
        if (peers.Count == 0) return;
        _awaited.UnionWith(peers);
        _deadline = state.Now.After(state.Settings.ReadyTimeout);
    }

    /// <summary>Nobody else is known: nothing to wait for.</summary>
    public void StartAlone() => _started = _hasBegun = true;

    /// <summary>The exchange with that peer ended, well or because it is down; true when this made the node ready.</summary>
    public bool OnExchanged(NodeId peer, bool isDown)
    {
        if (isDown) Miss();
        else HasExchanged = true;
        return _awaited.Remove(peer) && _awaited.Count == 0;
    }

    /// <summary>True when the wait has just run out.</summary>
    public bool Expire()
    {
        if (_awaited.Count == 0 || state.Now.Ticks < _deadline) return false;
        _awaited.Clear();
        Miss();
        return true;
    }
}
