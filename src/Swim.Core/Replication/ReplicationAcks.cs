using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// How far this node's own writes have spread: for each bucket and owner, up to which of them it holds on disk. From it follow
/// the ack levels, and which pushes went unanswered.
/// </summary>
internal sealed class ReplicationAcks(ReplicaState state)
{
    private readonly SortedDictionary<(int Bucket, NodeId Peer), Progress> _progress = [];
    private readonly SortedDictionary<int, ulong> _written = [];

    // Those of _progress where something sent is not acked yet: few, while _progress has every bucket ever written.
    private readonly SortedSet<(int Bucket, NodeId Peer)> _unanswered = [];

    /// <summary>Takes a frame whose bucket's owners hear of it by gossip.</summary>
    public required Action<DeltaFrame> Gossip { get; init; }

    /// <summary>Sends this call's own frames to every other owner that is up, one message per owner; or hands them to gossip.</summary>
    public void Push(IReadOnlyList<DeltaFrame> frames)
    {
        if (frames.Count == 0) return;
        var byPeer = new SortedDictionary<NodeId, List<DeltaFrame>>();
        foreach (var frame in frames)
        {
            _written[frame.Bucket] = frame.SeqTo;
            var isGossiped = state.Gossips(frame.Bucket);
            if (isGossiped) Gossip(frame);
            foreach (var peer in Targets(frame.Bucket))
            {
                if (!isGossiped)
                {
                    if (!byPeer.TryGetValue(peer, out var list)) byPeer[peer] = list = [];
                    list.Add(frame);
                }

                var progress = Of(frame.Bucket, peer);
                if (progress.Sent == progress.Acked) progress.SentTicks = state.Now.Ticks;
                progress.Sent = frame.SeqTo;
                if (Planted.Is(Mutant.AckWithoutHolder)) progress.Acked = frame.SeqTo;
                Note(frame.Bucket, peer, progress);
            }
        }

        foreach (var (peer, list) in byPeer)
        {
            foreach (var message in Messages(list)) state.Send(peer, message);
        }
    }

    // One message, unless that were a large one: what is large does not hold up the rest of its lane.
    private static IEnumerable<PushCells> Messages(List<DeltaFrame> frames)
    {
        var (bytes, part) = (0L, new List<DeltaFrame>());
        foreach (var frame in frames)
        {
            var size = frame.Cells.Sum(static cell => (long)Repairer.BytesOf(cell));
            if (part.Count > 0 && bytes + size > OwnWrites.FrameBytesMax)
            {
                yield return new PushCells(part);
                (bytes, part) = (0, []);
            }

            part.Add(frame);
            bytes += size;
        }

        yield return new PushCells(part);
    }

    /// <summary>An owner has this node's writes of the bucket on disk up to <paramref name="seen"/>.</summary>
    public void OnAck(NodeId peer, int bucket, ulong actor, ulong seen)
    {
        if (actor != state.Store.Actor) return;
        var progress = Of(bucket, peer);
        if (seen == progress.Acked) return;
        // One that has seen less than before gave the bucket away meanwhile, and holds it no longer.
        if (seen < progress.Acked) progress.EqualAt = -1;
        progress.Acked = seen;
        progress.SentTicks = state.Now.Ticks;
        Note(bucket, peer, progress);
    }

    /// <summary>The owner holds, on its disk, all that this node does of the bucket now.</summary>
    public void OnEqual(NodeId peer, Bucket bucket)
    {
        var progress = Of(bucket.Number, peer);
        progress.EqualAt = bucket.Version;
        OnAck(peer, bucket.Number, state.Store.Actor, bucket.Context.SeenUpTo(state.Store.Actor));
    }

    /// <summary>True when every home owner of the bucket, down or not, was found to hold all that this node did at that version of it.</summary>
    public bool IsEverywhere(int bucket, long version)
    {
        foreach (var home in state.Placement.Map.HomeOwners(bucket))
        {
            if (home != state.Self && !(_progress.TryGetValue((bucket, home), out var progress) && progress.EqualAt >= version)) return false;
        }

        return true;
    }

    /// <summary>The level that all writes in a workflow have reached.</summary>
    public AckLevel LevelOf(WorkflowCells cells) => LevelOf(cells.Bucket, cells.LastWrites);

    /// <summary>
    /// The level that these writes in a bucket have reached: for K each of them is with two acting owners, not necessarily the same two. This node's disk counts.
    /// </summary>
    public AckLevel LevelOf(int bucket, ReadOnlySpan<LastWrite> writes)
    {
        var homes = state.Placement.Map.HomeOwners(bucket);
        var homesWithIt = 0;
        foreach (var home in homes)
        {
            if (Has(home, bucket, writes)) homesWithIt++;
        }

        // On a ring without members there is nobody to have it.
        if (homesWithIt == homes.Length && homes.Length > 0) return AckLevel.All;
        if (IsWithActing(bucket, writes)) return AckLevel.K;
        return homesWithIt > 0 ? AckLevel.Local : AckLevel.Hinted;
    }

    /// <summary>Owners that are up and have not answered a push for too long, with the bucket; each is given once per timeout.</summary>
    public List<(int Bucket, NodeId Peer)> TakeOverdue()
    {
        var overdue = new List<(int, NodeId)>();
        foreach (var (bucket, peer) in _unanswered)
        {
            if (state.Placement.IsDown(peer)) continue;
            var progress = _progress[(bucket, peer)];
            if (state.Now.Since(progress.SentTicks) < state.Settings.PushTimeout) continue;
            progress.SentTicks = state.Now.Ticks;
            overdue.Add((bucket, peer));
        }

        return overdue;
    }

    /// <summary>The writer id changed: nothing written under the new one was sent.</summary>
    public void Reset()
    {
        _progress.Clear();
        _unanswered.Clear();
        _written.Clear();
    }

    /// <summary>The bucket was dropped: what others have of it is to be learned anew.</summary>
    public void Forget(int bucket)
    {
        foreach (var key in _progress.Keys.Where(key => key.Bucket == bucket).ToList()) Forget(key);
        _written.Remove(bucket);
    }

    /// <summary>
    /// The owners changed: one that does not hold a bucket any more may drop it, and one that began a new life may have another disk. What that has, its
    /// repair tells anew.
    /// </summary>
    public void OnPlacement(Placement? previous)
    {
        foreach (var key in _progress.Keys.Where(key => !state.Placement.Holds(key.Peer, key.Bucket) || IsAnew(key.Peer)).ToList()) Forget(key);

        bool IsAnew(NodeId peer) => previous is not null && previous.EpochOf(peer) != state.Placement.EpochOf(peer) && !state.Placement.IsDown(peer);
    }

    /// <summary>The member says that it may lack writes of these buckets, whatever it said before: its own too.</summary>
    public void Doubt(NodeId peer, Ring.BucketSet buckets)
    {
        foreach (var bucket in buckets.Members) Forget((bucket, peer));
        foreach (var bucket in state.Store.WorkflowBuckets.Where(bucket => buckets.Contains(bucket.Number))) Of(bucket.Number, peer).DoubtedAt = bucket.Version;
    }

    /// <summary>True when the owner is known to have this node's write of the bucket on its disk.</summary>
    public bool IsOnDisk(NodeId owner, int bucket, ulong ownSeq) => _progress.TryGetValue((bucket, owner), out var progress) && progress.Acked >= ownSeq;

    /// <summary>The last own write of the bucket.</summary>
    public ulong Written(int bucket) => _written.GetValueOrDefault(bucket);

    private void Forget((int Bucket, NodeId Peer) key)
    {
        _progress.Remove(key);
        _unanswered.Remove(key);
    }

    private bool IsWithActing(int bucket, ReadOnlySpan<LastWrite> writes)
    {
        var acting = state.Placement.ActingOwners(bucket);
        foreach (ref readonly var write in writes)
        {
            var holders = 0;
            foreach (var owner in acting)
            {
                if (Has(owner, bucket, new ReadOnlySpan<LastWrite>(in write))) holders++;
            }

            if (holders < state.Placement.AcksForK) return false;
        }

        return true;
    }

    private IEnumerable<NodeId> Targets(int bucket)
    {
        var acting = state.Placement.ActingOwners(bucket);
        return acting.Where(owner => owner != state.Self);
    }

    private bool Has(NodeId owner, int bucket, ReadOnlySpan<LastWrite> writes)
    {
        if (owner == state.Self) return true;
        var progress = _progress.GetValueOrDefault((bucket, owner));
        foreach (ref readonly var write in writes)
        {
            if (!Has(owner, progress, write)) return false;
        }

        return true;
    }

    private bool Has(NodeId owner, Progress? progress, in LastWrite write)
    {
        if (write.Actor == state.Store.Actor) return progress is not null && (progress.Acked >= write.Seq || progress.EqualAt >= write.Version);
        // What a node wrote came from its disk.
        return progress is null ? write.Node == owner : progress.EqualAt >= write.Version || (write.Node == owner && progress.DoubtedAt < write.Version);
    }

    private void Note(int bucket, NodeId peer, Progress progress)
    {
        if (progress.Acked < progress.Sent) _unanswered.Add((bucket, peer));
        else _unanswered.Remove((bucket, peer));
    }

    private Progress Of(int bucket, NodeId peer)
    {
        if (!_progress.TryGetValue((bucket, peer), out var progress)) _progress[(bucket, peer)] = progress = new Progress();
        return progress;
    }

    private sealed class Progress
    {
        public ulong Sent { get; set; }
        public ulong Acked { get; set; }
        public long EqualAt { get; set; } = -1;
        public long DoubtedAt { get; set; } = -1;
        public long SentTicks { get; set; }
    }
}
