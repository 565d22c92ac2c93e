using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Ring;
using Swim.Core.Workflows.Tools;

namespace Swim.Core.Replication;

/// <summary>
/// Who owns what, as this node sees it at one moment: the ring over all members that neither have left nor leave, and who of them is down.
/// Immutable but for a cache; used by one loop. A Dead member keeps its place on the ring, so a crash moves no data.
/// </summary>
public sealed class Placement
{
    private readonly NodeId[]?[] _acting = new NodeId[]?[Buckets.CountOfAll];
    private readonly MembersSnapshot _members;
    private SortedSet<NodeId> _off = [];
    private SortedSet<NodeId> _flapping = [];
    private SortedDictionary<int, SortedSet<NodeId>>? _barred;

    private Placement(NodeId self, MembersSnapshot members, BucketMap map)
    {
        Self = self;
        Map = map;
        _members = members;
        LiveMembers = members.Members.Values.Count(member => IsOnRing(member) && (member.Id == self || member.IsLive));
    }

    /// <summary>This node.</summary>
    public NodeId Self { get; }

    /// <summary>The ring.</summary>
    public BucketMap Map { get; }

    /// <summary>Members on the ring that are believed to be up, this node among them unless it leaves.</summary>
    public int LiveMembers { get; }

    /// <summary>The boot counter of this node.</summary>
    public ulong Epoch => EpochOf(Self);

    /// <summary>Every member that is up, but for this node, ascending.</summary>
    public IEnumerable<NodeId> LivePeers => _members.Members.Values.Where(member => member.IsLive && member.Id != Self).Select(member => member.Id);

    /// <summary>Every other member that may hold something, down or not: those on the ring and those that leave.</summary>
    public IEnumerable<NodeId> OtherHolders => _members.Members.Values.Where(member => member.State != MemberState.Left && member.Id != Self).Select(member => member.Id);

    /// <summary>
    /// How many owners make level K: min(2, members), down or not. A node that takes all others for dead does not promise with its one disk what two were
    /// asked for.
    /// </summary>
    public int AcksForK => Planted.Is(Mutant.AloneCountsForTwo) ? Math.Min(2, LiveMembers) : Math.Clamp(Map.Members.Length, 1, 2);

    /// <summary>Who has a place on the ring by <paramref name="members"/>, ascending.</summary>
    public static RingMember[] RingOf(NodeId self, MembersSnapshot members) =>
    [
        .. members.Members.Values
            .Where(member => IsOnRing(member) || (member.Id == self && !member.Meta.IsLeaving) || (Planted.Is(Mutant.RemovedKeepsPlace) && (self.Value & 2) == 0))
            .Select(member => new RingMember(member.Id, member.Meta.Zone)),
    ];

    /// <summary>The placement for <paramref name="members"/>, all of whom are on the ring that should be.</summary>
    public static Placement Build(ulong clusterId, int replicas, NodeId self, MembersSnapshot members, Placement? previous) =>
        Build(clusterId, replicas, self, members, RingOf(self, members), previous);

    /// <summary>
    /// The placement for <paramref name="members"/> on the ring of <paramref name="ring"/>, ascending, which may be behind; keeps the ring of
    /// <paramref name="previous"/> where nothing about it changed.
    /// </summary>
    public static Placement Build(ulong clusterId, int replicas, NodeId self, MembersSnapshot members, RingMember[] ring, Placement? previous)
    {
        var map = previous is not null && previous.Map.Members.SequenceEqual(ring) ? previous.Map : BucketMap.Build(clusterId, ring, replicas);
        return new Placement(self, members, map);
    }

    /// <summary>True when this node leaves: it owns nothing and hands over what it holds.</summary>
    public bool IsLeaving => _members.Members.TryGetValue(Self, out var self) && self.Meta.IsLeaving;

    /// <summary>The same, but for members whose clocks are off: they hold what they own and act for nothing.</summary>
    public Placement WithOff(IEnumerable<NodeId> off)
    {
        SortedSet<NodeId> set = [.. off];
        return set.SetEquals(_off) ? this : Copy(set, _flapping, _barred);
    }

    /// <summary>The same, but for buckets in which some owners may not write: those who may come first, and the others act for nothing unless none may.</summary>
    public Placement WithBarred(SortedDictionary<int, SortedSet<NodeId>>? barred)
    {
        var isSame = barred is null || _barred is null
            ? barred is null && _barred is null
            : barred.Count == _barred.Count && barred.All(entry => _barred.TryGetValue(entry.Key, out var its) && its.SetEquals(entry.Value));
        return isSame ? this : Copy(_off, _flapping, barred);
    }

    private Placement Copy(SortedSet<NodeId> off, SortedSet<NodeId> flapping, SortedDictionary<int, SortedSet<NodeId>>? barred) =>
        new(Self, _members, Map) { _off = off, _flapping = flapping, _barred = barred };

    /// <summary>The same, but for members that die and come back again and again: they own what they own, and run new tasks only where nobody else can.</summary>
    public Placement WithFlapping(SortedSet<NodeId> flapping) =>
        HasFlapping(flapping) ? this : Copy(_off, flapping, _barred);

    /// <summary>True when just those flap.</summary>
    public bool HasFlapping(SortedSet<NodeId> flapping) => flapping.SetEquals(_flapping);

    /// <summary>How many members flap.</summary>
    public int FlappingCount => _flapping.Count;

    /// <summary>True for a member that dies and comes back again and again.</summary>
    public bool IsFlapping(NodeId node) => _flapping.Contains(node);

    /// <summary>True for a member that is Dead, has left or was never heard of. A node is never down to itself.</summary>
    public bool IsDown(NodeId node) => node != Self && !(_members.Members.TryGetValue(node, out var member) && member.IsLive);

    /// <summary>The members known to have left for good.</summary>
    public IEnumerable<NodeId> LeftMembers => _members.Members.Values.Where(member => member.State == MemberState.Left).Select(static member => member.Id);

    /// <summary>True for a member known to have left for good; a stranger has not.</summary>
    public bool HasLeft(NodeId node) => _members.StateOf(node) == MemberState.Left;

    /// <summary>What people call the member; its id where it has no name or is a stranger.</summary>
    public string NameOf(NodeId node) => _members.Members.TryGetValue(node, out var member) && member.Meta.Name.Length > 0 ? member.Meta.Name : node.ToString();

    /// <summary>True for a member that is down in the life with that boot counter and said so itself: it was stopped, it did not die.</summary>
    public bool WasStopped(NodeId node, ulong epoch) =>
        node != Self && _members.Members.TryGetValue(node, out var member) && !member.IsLive && member.Epoch == epoch && member.Meta.IsDraining;

    /// <summary>What is known of a member; null for a stranger.</summary>
    public MemberRecord? Find(NodeId node) => _members.Members.GetValueOrDefault(node);

    /// <summary>The boot counter last heard of; 0 for a stranger.</summary>
    public ulong EpochOf(NodeId node) => _members.Members.TryGetValue(node, out var member) ? member.Epoch : 0;

    /// <summary>Who acts for the bucket now; the first of them plans.</summary>
    public NodeId[] ActingOwners(int bucket) => _acting[bucket] ??= FindActing(bucket);

    // Where every clock is off, somebody has to act all the same.
    private NodeId[] FindActing(int bucket)
    {
        var acting = _off.Count == 0 ? [] : Map.ActingOwners(bucket, node => IsDown(node) || _off.Contains(node), LiveMembers);
        if (acting.Length == 0) acting = Map.ActingOwners(bucket, IsDown, LiveMembers);
        return _barred?.TryGetValue(bucket, out var barred) == true ? [.. acting.OrderBy(barred.Contains)] : acting;
    }

    /// <summary>True when this node is one of <see cref="ActingOwners"/>, and may write or none of them may.</summary>
    public bool Acts(int bucket)
    {
        var acting = ActingOwners(bucket);
        if (Array.IndexOf(acting, Self) < 0) return false;
        return _barred?.TryGetValue(bucket, out var barred) != true || !barred!.Contains(Self) || barred.Contains(acting[0]);
    }

    /// <summary>True when every home owner of the bucket is down.</summary>
    public bool IsOrphan(int bucket)
    {
        foreach (var home in Map.HomeOwners(bucket))
        {
            if (!IsDown(home)) return false;
        }

        return true;
    }

    /// <summary>True when <paramref name="node"/> should hold the bucket: as home owner, down or not, or as stand-in; the system bucket as any member.</summary>
    public bool Holds(NodeId node, int bucket) => bucket == Buckets.System || Map.IsHomeOwner(bucket, node) || Array.IndexOf(ActingOwners(bucket), node) >= 0;

    /// <summary>True when this node should hold the bucket.</summary>
    public bool Holds(int bucket) => Holds(Self, bucket);

    /// <summary>True when this node plans the bucket's workflows (once it is ready to).</summary>
    public bool Plans(int bucket) => ActingOwners(bucket) is [var first, ..] && first == Self;

    /// <summary>The ring's choice of executor for a task of that tool: the first member that can run it and does not flap, else the first that can, else none.</summary>
    public NodeId ExecutorFor(ulong taskHash, string tool)
    {
        var capability = ToolCatalog.CapabilityFor(tool);
        var steady = _flapping.Count == 0 ? NodeId.None : Map.Next(taskHash, node => !IsFlapping(node) && Can(node));
        return steady != NodeId.None ? steady : Map.Next(taskHash, Can);

        bool Can(NodeId node) => CanRun(node) && (capability is null || _members.Members[node].Meta.Has(capability));
    }

    // One that leaves holds cells until others have them, and owns none.
    private static bool IsOnRing(MemberRecord member) => member.State != MemberState.Left && !member.Meta.IsLeaving;

    /// <summary>True when the member is up, not suspected, and takes tasks.</summary>
    public bool CanRun(NodeId node)
    {
        if (!_members.Members.TryGetValue(node, out var member)) return false;
        var up = member.State == MemberState.Alive || node == Self;
        return up && member.Meta is { Slots: > 0, IsDraining: false };
    }
}
