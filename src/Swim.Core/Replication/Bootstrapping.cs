using Swim.Core.Primitives;
using Swim.Core.Ring;

namespace Swim.Core.Replication;

/// <summary>
/// The buckets that this node owns since the ring changed, or since it started, and may still lack writes of. Until one exchange of
/// such a bucket with every former and every other home owner that can be reached it takes what comes, and offers, plans and refuses
/// nothing. A member that says nothing for <see cref="ReplicaSettings.ReadyTimeout"/> is waited for no longer. Other buckets go on meanwhile.
/// </summary>
internal sealed class Bootstrapping(ReplicaState state)
{
    private readonly SortedDictionary<NodeId, Wait> _waits = [];
    private readonly SortedDictionary<int, Progress> _buckets = [];
    private readonly List<int> _done = [];

    /// <summary>How many buckets there are.</summary>
    public int Count => _buckets.Count;

    /// <summary>The members whose exchanges are awaited, ascending.</summary>
    public IEnumerable<NodeId> Awaited => _waits.Keys;

    /// <summary>True while this node may lack writes of the bucket that others hold.</summary>
    public bool IsUnderWay(int bucket) => _buckets.TryGetValue(bucket, out var progress) && progress.Left > 0;

    /// <summary>The buckets to be exchanged with a member; null for none.</summary>
    public BucketSet? AskedOf(NodeId peer) => _waits.TryGetValue(peer, out var wait) ? wait.Buckets.Clone() : null;

    /// <summary>The placement changed from <paramref name="previous"/>, null while nobody was ever asked. Gives those of whom something new is awaited.</summary>
    public SortedSet<NodeId> OnPlacement(Placement? previous)
    {
        var now = state.Placement;
        var asked = new SortedSet<NodeId>();
        if (previous is not null && previous.Map == now.Map) return asked;
        foreach (var bucket in _buckets.Keys.Where(bucket => !now.Map.IsHomeOwner(bucket, state.Self)).ToList()) Forget(bucket);
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            var isMine = now.Map.IsHomeOwner(bucket, state.Self);
            var isGained = isMine && previous?.Map.IsHomeOwner(bucket, state.Self) != true;
            if (isGained || (isMine && _buckets.ContainsKey(bucket))) Begin(bucket, previous, asked);
        }

        return asked;
    }

    /// <summary>A member goes on answering: it is waited for.</summary>
    public void Heard(NodeId peer)
    {
        if (_waits.TryGetValue(peer, out var wait)) wait.DeadlineTicks = state.Now.After(state.Settings.ReadyTimeout);
    }

    /// <summary>All that the member holds of the bucket is here. Nobody gains the system bucket, which every member holds: it is not waited for.</summary>
    public void OnExchanged(NodeId peer, int bucket)
    {
        if (bucket != Buckets.System && !IsElsewhere(peer)) Settle(peer, bucket, isAnswered: true);
    }

    /// <summary>
    /// The member was asked about <paramref name="asked"/> and holds what it named: <paramref name="differing"/> is still to come. One that sees another
    /// ring may yet take writes that it does not send here: it is asked again.
    /// </summary>
    public void OnDigests(NodeId peer, BucketSet? asked, IReadOnlySet<int> differing, bool isOnOneRing)
    {
        if (_waits.TryGetValue(peer, out var wait)) wait.IsElsewhere = !isOnOneRing && !Planted.Is(Mutant.NewOwnerTrustsOtherRings);
        if (asked is null || IsElsewhere(peer)) return;
        foreach (var bucket in asked.Members.Where(bucket => !differing.Contains(bucket))) Settle(peer, bucket, isAnswered: true);
    }

    /// <summary>Waits no longer for members that are down or silent; what that leaves is done.</summary>
    public void Expire()
    {
        foreach (var (peer, wait) in _waits.ToList())
        {
            if (!state.Placement.IsDown(peer) && state.Now.Ticks < wait.DeadlineTicks) continue;
            foreach (var bucket in wait.Buckets.Members) Settle(peer, bucket, isAnswered: false);
        }
    }

    /// <summary>Takes the buckets for which nobody is awaited any more, and whether somebody had answered.</summary>
    public IReadOnlyList<(int Bucket, bool IsAnswered)> TakeDone()
    {
        if (_done.Count == 0) return [];
        var done = new List<(int, bool)>();
        foreach (var bucket in _done)
        {
            if (!_buckets.TryGetValue(bucket, out var progress) || progress.Left > 0) continue;
            _buckets.Remove(bucket);
            done.Add((bucket, progress.IsAnswered));
        }

        _done.Clear();
        return done;
    }

    // After a start nobody knows who owned the bucket before: every member that is up is asked.
    private void Begin(int bucket, Placement? previous, SortedSet<NodeId> asked)
    {
        if (!_buckets.TryGetValue(bucket, out var progress)) _buckets[bucket] = progress = new Progress();
        if (previous is null)
        {
            foreach (var peer in state.Placement.LivePeers) Await(peer, bucket, progress, asked);
        }
        else
        {
            foreach (var peer in previous.Map.HomeOwners(bucket)) Await(peer, bucket, progress, asked);
            foreach (var peer in state.Placement.Map.HomeOwners(bucket)) Await(peer, bucket, progress, asked);
        }

        if (progress.Left == 0) _done.Add(bucket);
    }

    private void Await(NodeId peer, int bucket, Progress progress, SortedSet<NodeId> asked)
    {
        if (peer == state.Self || state.Placement.IsDown(peer)) return;
        if (!_waits.TryGetValue(peer, out var wait)) _waits[peer] = wait = new Wait { AgreeByTicks = state.Now.After(state.Settings.RingWaitMax + state.Settings.ReadyTimeout) };
        wait.DeadlineTicks = state.Now.After(state.Settings.ReadyTimeout);
        if (wait.Buckets.Contains(bucket)) return;
        wait.Buckets.Add(bucket);
        progress.Left++;
        asked.Add(peer);
    }

    // Not for ever: what keeps rings apart so long is a split or a fault, and no reason to plan nothing.
    private bool IsElsewhere(NodeId peer) => _waits.TryGetValue(peer, out var wait) && wait.IsElsewhere && state.Now.Ticks < wait.AgreeByTicks;

    private void Settle(NodeId peer, int bucket, bool isAnswered)
    {
        if (!_waits.TryGetValue(peer, out var wait) || !wait.Buckets.Contains(bucket)) return;
        wait.Buckets.Remove(bucket);
        if (wait.Buckets.IsEmpty) _waits.Remove(peer);
        var progress = _buckets[bucket];
        progress.IsAnswered |= isAnswered;
        if (--progress.Left == 0) _done.Add(bucket);
    }

    private void Forget(int bucket)
    {
        foreach (var peer in _waits.Keys.ToList()) Settle(peer, bucket, isAnswered: false);
        _buckets.Remove(bucket);
    }

    private sealed class Wait
    {
        public BucketSet Buckets { get; } = new();
        public long DeadlineTicks { get; set; }
        public required long AgreeByTicks { get; init; }
        public bool IsElsewhere { get; set; }
    }

    private sealed class Progress
    {
        public int Left { get; set; }
        public bool IsAnswered { get; set; }
    }
}
