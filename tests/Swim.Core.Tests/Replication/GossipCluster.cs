using System.Collections.Immutable;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;

namespace Swim.Core.Tests.Replication;

/// <summary>
/// Many state cores on virtual time, each with a disk of its own, and one write of the system bucket whose way through them is
/// watched. Nothing is lost; what a link and a sync take is drawn from the seed. One member more is dead: its removal is the write.
/// </summary>
internal sealed class GossipCluster
{
    private const ulong ClusterId = 7;
    private static readonly Dictionary<int, Placement> _rings = [];
    private readonly Node[] _nodes;
    private readonly PriorityQueue<Action, (long Due, long Order)> _events = new();
    private readonly Prng _prng;
    private readonly (TimeSpan Min, TimeSpan Max) _link;
    private readonly (TimeSpan Min, TimeSpan Max) _sync;
    private readonly NodeId _dead;
    private long _order;
    private long _ticks = TimeSpan.TicksPerSecond;
    private long _writtenTicks;

    /// <summary>Starts all nodes and lets them exchange what they hold: nothing.</summary>
    public GossipCluster(int nodes, ulong seed, (TimeSpan Min, TimeSpan Max) link, (TimeSpan Min, TimeSpan Max) sync)
    {
        (_prng, _link, _sync, _dead) = (new Prng(seed), link, sync, new NodeId((ulong)nodes + 1));
        var members = new MembersSnapshot(1, Enumerable.Range(1, nodes + 1).Select(Record).ToImmutableSortedDictionary(static member => member.Id, static member => member), 1);
        _nodes = [.. Enumerable.Range(1, nodes).Select(index => new Node(new NodeId((ulong)index), seed))];
        foreach (var node in _nodes)
        {
            Give(node, outbox => node.Core.Start(Now, outbox));
            _rings.TryGetValue(nodes, out var ring);
            var placement = _rings[nodes] = Placement.Build(ClusterId, 3, node.Id, members, ring);
            Give(node, outbox => node.Core.OnPlacement(Now, placement, outbox));
        }

        RunFor(TimeSpan.FromSeconds(3));
        foreach (var node in _nodes) (node.Rumours, node.Syncs) = (0, 0);
    }

    /// <summary>When each node had the write on its disk, counted from the write, ascending; those that have it not are missing.</summary>
    public IReadOnlyList<TimeSpan> Reached => [.. _nodes.Where(static node => node.ReachedTicks > 0).Select(node => new TimeSpan(node.ReachedTicks - _writtenTicks)).Order()];

    /// <summary>Messages that told of the write as a rumour.</summary>
    public int RumourMessages => _nodes.Sum(static node => node.Rumours);

    /// <summary>Messages that compared contexts, there and back, with what followed from them.</summary>
    public int SyncMessages => _nodes.Sum(static node => node.Syncs);

    /// <summary>What the core of a node holds.</summary>
    public ReplicaCore this[int index] => _nodes[index].Core;

    private Now Now => new(_ticks, 1_700_000_000_000 + (_ticks / Now.TicksPerMs));

    /// <summary>An owner of the system bucket writes.</summary>
    public void Write()
    {
        var owner = _nodes.First(node => node.Core.Placement!.Plans(Buckets.System));
        _writtenTicks = _ticks;
        Give(owner, outbox => owner.Core.OnCommand(Now, 1, new RemoveMemberCommand(_dead, false), outbox));
    }

    /// <summary>Lets so much time pass.</summary>
    public void RunFor(TimeSpan duration)
    {
        var end = _ticks + duration.Ticks;
        while (_events.TryPeek(out _, out var at) && at.Due <= end)
        {
            var action = _events.Dequeue();
            _ticks = Math.Max(_ticks, at.Due);
            action();
        }

        _ticks = end;
    }

    private MemberRecord Record(int index)
    {
        var id = new NodeId((ulong)index);
        return new MemberRecord(id, 1, 0, id == _dead ? MemberState.Dead : MemberState.Alive, new MemberMeta($"n{index}", "h", 1, 2, 3, "", 16));
    }

    private void Give(Node node, Action<Outbox> input)
    {
        input(node.Outbox);
        foreach (var output in node.Outbox.Items)
        {
            if (output is Persist) Sync(node);
            if (output is SetTimer timer) After(timer.DueTicks - _ticks, () => Give(node, outbox => node.Core.OnTimer(Now, timer.Timer, outbox)));
        }

        foreach (var output in node.Outbox.Items.Where(static output => output is SendToPeer)) node.Held.Hold(node.Appended, output);
        node.Outbox.Clear();
        Release(node);
    }

    private void Sync(Node node)
    {
        var position = ++node.Appended;
        After(_prng.Between(_sync.Min, _sync.Max).Ticks, () =>
        {
            node.Held.OnPersisted(position);
            if (node.ReachedTicks == 0 && node.Core.DigestOf(Buckets.System) != 0) node.ReachedTicks = _ticks;
            Release(node);
        });
    }

    private void Release(Node node)
    {
        while (node.Held.TryRelease(out var output))
        {
            if (output is SendToPeer send) Send(node, send.To, send.Message);
        }
    }

    private void Send(Node from, NodeId to, PeerMessage message)
    {
        if (to == _dead) return;
        if (message is GossipCells) from.Rumours++;
        if (message is RepairOpen or RepairGroups or RepairDigests or RepairAsk or RepairCells or RepairSketchAsk or RepairSymbols) from.Syncs++;
        var receiver = _nodes[(int)to.Value - 1];
        var takes = to == from.Id ? 0 : _prng.Between(_link.Min, _link.Max).Ticks;
        After(takes, () => Give(receiver, outbox => receiver.Core.OnMessage(Now, from.Id, message, outbox)));
    }

    private void After(long ticks, Action action) => _events.Enqueue(action, (_ticks + Math.Max(0, ticks), ++_order));

    private sealed class Node(NodeId id, ulong seed)
    {
        public NodeId Id => id;
        public ReplicaCore Core { get; } = new(new ReplicaSettings(id, ClusterId), new Prng(StableHash.Of(seed, id.Value, 1)));
        public Outbox Outbox { get; } = new();
        public HeldOutputs Held { get; } = new();
        public long Appended { get; set; }
        public long ReachedTicks { get; set; }
        public int Rumours { get; set; }
        public int Syncs { get; set; }
    }
}
