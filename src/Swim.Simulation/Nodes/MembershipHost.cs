using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Storage;
using Swim.Simulation.Time;

namespace Swim.Simulation.Nodes;

/// <summary>
/// The host of one life's membership core: hands it packets, push-pull and timers, and does what its outbox asks. What must outlive
/// the process goes to the node's disk as in the real node: the epoch and the known members.
/// </summary>
internal sealed class MembershipHost
{
    /// <summary>The file with the boot counter.</summary>
    public const string EpochFile = "epoch";

    private const string KnownFile = "known";

    private readonly NodeSetup _setup;
    private readonly ProcessLife _life;
    private readonly NodeClock _clock;
    private readonly SimWorld _world;
    private readonly IDisk _disk;
    private readonly MembershipCore _core;
    private readonly Outbox _outbox = new();
    private readonly SortedDictionary<long, Action<ReadOnlyMemory<byte>?>> _calls = [];
    private readonly ulong _stateSince;
    private long _lastCall;

    /// <summary>Prepares a life: reads what the disk knows of earlier ones.</summary>
    public MembershipHost(NodeSetup setup, ulong number, ProcessLife life, NodeClock clock, SimWorld world, IDisk disk)
    {
        (_setup, _life, _clock, _world, _disk) = (setup, life, clock, world, disk);
        Epoch = ReadEpoch() + 1;
        WriteEpoch(Epoch);
        _stateSince = SetAside.Prepare(disk, Epoch, [EpochFile, KnownFile]);
        if (_stateSince == Epoch) world.Observers.OnBeganAnew(setup.Index);
        _core = new MembershipCore(ReadSetup(), new SwimOptions(), new Prng(StableHash.Of(world.Seed, setup.Id.Value, number)));
    }

    /// <summary>The boot counter of this life.</summary>
    public ulong Epoch { get; }

    /// <summary>The members as this node sees them.</summary>
    public MembersSnapshot Members => _core.Members;

    /// <summary>True once the node may serve.</summary>
    public bool IsReady => _core.IsReady;

    /// <summary>Told of every change of the members.</summary>
    public Action<MembersSnapshot>? OnMembers { get; set; }

    /// <summary>Told when the others hold that this node was removed, up to which epoch.</summary>
    public Action<ulong>? OnDeclaredLeft { get; set; }

    /// <summary>Begins.</summary>
    public void Start() => Give((now, outbox) => _core.Start(now, outbox));

    /// <summary>The state core knows of these removed members.</summary>
    public void OnRemovals(IReadOnlyList<Removal> removals) =>
        Give((now, outbox) => _core.OnRemovals(now, removals.Select(static removal => KeyValuePair.Create(removal.Node, removal.Epoch)), outbox));

    /// <summary>Tells the others that this node leaves: from now on it owns nothing.</summary>
    public void AnnounceLeaving() => Give((now, outbox) => _core.Announce(now, _core.Self.Meta with { IsDraining = true, IsLeaving = true }, outbox));

    /// <summary>True when another node knows what this one announced last.</summary>
    public bool IsHeard => _core.IsHeard;

    /// <summary>Tells the others that this node has left.</summary>
    public void Leave() => Give((now, outbox) => _core.Leave(now, outbox));

    /// <summary>A packet came.</summary>
    public void OnDatagram(ReadOnlyMemory<byte> packet) => Give((now, outbox) => _core.OnDatagram(now, packet, outbox));

    /// <summary>Another node calls.</summary>
    public void OnPushPull(ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>?> answer)
    {
        var call = ++_lastCall;
        _calls[call] = answer;
        Give((now, outbox) => _core.OnPushPullRequest(now, body, call, outbox));
    }

    /// <summary>Another node pings over gRPC.</summary>
    public void OnStreamPing(ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>?> answer)
    {
        var call = ++_lastCall;
        _calls[call] = answer;
        Give((now, outbox) => _core.OnStreamPing(now, body, call, outbox));
    }

    private void Give(Action<Now, Outbox> input)
    {
        input(_clock.Now, _outbox);
        foreach (var output in _outbox.Items) Do(output);
        _outbox.Clear();
    }

    private void Do(Output output)
    {
        switch (output)
        {
            case SendDatagram send:
                if (NodeSetup.IndexOf(send.Host) is >= 0 and var to) _world.Network.SendDatagram(_setup.Index, to, send.Packet);
                break;
            case SetTimer timer:
                _world.Timeline.At(_clock.ToVirtual(timer.DueTicks), new SimEvent(
                    EventKind.MembershipTimer, _setup.Index, _life, default, () => Give((now, outbox) => _core.OnTimer(now, timer.Timer, outbox))));
                break;
            case SendPushPull call:
                Call(call);
                break;
            case SendStreamPing ping:
                Ping(ping);
                break;
            case AnswerPushPull answer:
                TakeCall(answer.RequestId)(answer.Body);
                break;
            case RefusePushPull refusal:
                TakeCall(refusal.RequestId)(null);
                break;
            // Before it has joined it takes no part, as in the real node.
            case MembersChanged changed when IsReady:
                OnMembers?.Invoke(changed.Snapshot);
                break;
            case MembersChanged:
                break;
            case Ready:
                OnMembers?.Invoke(Members);
                break;
            case DeclaredLeft left:
                OnDeclaredLeft?.Invoke(left.Epoch);
                break;
            case PersistKnown known:
                AtomicFile.Write(_disk, KnownFile, KnownMembers.Encode(known.Snapshot));
                break;
            case PersistEpoch epoch:
                WriteEpoch(epoch.Epoch);
                break;
            case Notice notice:
                _world.Notices.Count(_setup.Index, notice);
                break;
        }
    }

    private void Call(SendPushPull call)
    {
        void Fail() => Give((now, outbox) => _core.OnPushPullFailed(now, call.Address, outbox));
        var to = NodeSetup.IndexOf(call.Address);
        Invariant.Holds(to >= 0, "every address of a simulated cluster is a node's");
        _world.Network.Call(_setup.Index, to, call.Body, reply => Give((now, outbox) => _core.OnPushPullReply(now, call.Address, reply, outbox)), Fail);
    }

    private void Ping(SendStreamPing ping)
    {
        var to = NodeSetup.IndexOf(ping.Address);
        Invariant.Holds(to >= 0, "every address of a simulated cluster is a node's");
        _world.Network.Call(_setup.Index, to, ping.Body, reply => Give((now, outbox) => _core.OnStreamPong(now, reply, outbox)), static () => { }, EventKind.StreamPing);
    }

    private Action<ReadOnlyMemory<byte>?> TakeCall(long call)
    {
        Invariant.Holds(_calls.Remove(call, out var answer), "a push-pull request is answered once");
        return answer;
    }

    private MembershipSetup ReadSetup()
    {
        var saved = AtomicFile.TryRead(_disk, KnownFile);
        IReadOnlyList<MemberRecord> known = [];
        var wasMember = saved is not null && KnownMembers.TryDecode(saved, out known);
        return new MembershipSetup
        {
            Id = _setup.Id,
            Epoch = Epoch,
            Meta = _setup.Meta with { StateSince = _stateSince },
            ClusterId = _setup.ClusterId,
            Seeds = _setup.Seeds,
            WasMember = wasMember,
            Known = known,
        };
    }

    private ulong ReadEpoch() => AtomicFile.TryRead(_disk, EpochFile) is { } bytes ? BitConverter.ToUInt64(bytes) : 0;

    private void WriteEpoch(ulong epoch) => AtomicFile.Write(_disk, EpochFile, BitConverter.GetBytes(epoch));
}
