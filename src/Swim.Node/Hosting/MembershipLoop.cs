using System.Collections.Concurrent;
using System.Collections.Immutable;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Storage;
using Swim.Node.Observability;
using Swim.Node.Transport;
using Swim.Node.Transport.Sealing;

namespace Swim.Node.Hosting;

/// <summary>
/// Runs the membership core on its own thread and UDP socket, so that a busy node does not look like a dead one.
/// </summary>
internal sealed class MembershipLoop : IDisposable
{
    private const int InputsMax = 16_384;
    private readonly InputLoop _loop;
    private readonly MembershipCore _core;
    private readonly Outbox _outbox = new();
    private readonly UdpPort _udp;
    private readonly AesGcmSeal? _seal;
    private readonly PushPullClient _pushPull;
    private readonly TimeSpan _pingDeadline;
    private readonly IDisk _disk;
    private readonly Counters _counters;
    private readonly NodeMetrics _metrics;
    private readonly NodeLog _log;
    private readonly ConcurrentDictionary<NodeId, TimeSpan> _roundTrips = new();
    private readonly Dictionary<long, TaskCompletionSource<ReadOnlyMemory<byte>?>> _requests = [];
    private volatile MembersSnapshot _members = MembersSnapshot.Empty;
    private volatile ImmutableSortedDictionary<NodeId, ulong> _removals = ImmutableSortedDictionary<NodeId, ulong>.Empty;
    private volatile bool _isReady;
    private bool _isStarted;
    private long _nextRequest;

    public MembershipLoop(MembershipCore core, UdpPort udp, AesGcmSeal? seal, PushPullClient pushPull, TimeSpan pingDeadline, IDisk disk, Counters counters, NodeMetrics metrics, NodeLog log, Action<Exception> onFatal)
    {
        (_core, _udp, _seal, _pushPull, _pingDeadline, _disk, _counters, _metrics, _log) = (core, udp, seal, pushPull, pingDeadline, disk, counters, metrics, log);
        _loop = new InputLoop("swim-membership", InputsMax, ThreadPriority.AboveNormal, OnTimer, onFatal);
    }

    /// <summary>Called on every change once the node is ready.</summary>
    public event Action<MembersSnapshot>? Changed;

    /// <summary>Called when the others hold that this node was removed, with the last epoch that was; perhaps several times.</summary>
    public event Action<ulong>? DeclaredLeft;

    /// <summary>The members as last published.</summary>
    public MembersSnapshot Members => _members;

    /// <summary>What was refused so far, by reason: read beside the loop, so a count may be a moment old.</summary>
    public IReadOnlyList<KeyValuePair<RejectReason, long>> Rejects => _core.Rejects.Snapshot();

    /// <summary>Packets sent so far by kind, and those that came and could be read: read beside the loop, as above.</summary>
    public (IReadOnlyList<PacketCount> Sent, IReadOnlyList<PacketCount> Received) Packets => (_core.PacketsSent.Snapshot(), _core.PacketsReceived.Snapshot());

    /// <summary>Tells followers of the members what happens.</summary>
    public MemberFeed Feed { get; } = new();

    /// <summary>Inputs that wait for the loop.</summary>
    public int InputsWaiting => _loop.Waiting;

    /// <summary>True once the node has joined, or has nobody to join.</summary>
    public bool IsReady => _isReady;

    public void Start()
    {
        // First of all inputs: to a node that starts again on its old port the others may be talking already.
        _loop.Post(now =>
        {
            _core.Start(now, _outbox);
            _isStarted = true;
            TakeRemovals(now);
        });
        _loop.Start();
        _udp.Start(packet => Count(_loop.TryPost(now => { _core.OnDatagram(now, packet, _outbox); Drain(); })));
    }

    /// <summary>Answers a push-pull request of another node; null when it was refused.</summary>
    public Task<ReadOnlyMemory<byte>?> OnPushPullAsync(ReadOnlyMemory<byte> body) => AskAsync((now, request) => _core.OnPushPullRequest(now, body, request, _outbox));

    /// <summary>Answers a ping of another node over gRPC; null when it was refused.</summary>
    public Task<ReadOnlyMemory<byte>?> OnStreamPingAsync(ReadOnlyMemory<byte> body) => AskAsync((now, request) => _core.OnStreamPing(now, body, request, _outbox));

    /// <summary>The latest round trip to a member that was measured; null: none so far. Of any thread.</summary>
    public TimeSpan? RoundTripTo(NodeId id) => _roundTrips.TryGetValue(id, out var took) ? took : null;

    /// <summary>What <paramref name="read"/> sees of the core, on its loop; null when that is too busy.</summary>
    public Task<T?> LookAsync<T>(Func<MembershipCore, Now, T> read)
        where T : class
    {
        var answer = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_loop.TryPost(now => answer.SetResult(read(_core, now)))) answer.SetResult(null);
        return answer.Task;
    }

    private Task<ReadOnlyMemory<byte>?> AskAsync(Action<Now, long> input)
    {
        var answer = new TaskCompletionSource<ReadOnlyMemory<byte>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = _loop.TryPost(now =>
        {
            _requests[++_nextRequest] = answer;
            input(now, _nextRequest);
            Drain();
        });
        Count(isTaken);
        if (!isTaken) answer.SetResult(null);
        return answer.Task;
    }

    /// <summary>The state core knows of these removed members; also before <see cref="Start"/>.</summary>
    public void OnRemovals(IReadOnlyList<Removal> removals)
    {
        _removals = removals.ToImmutableSortedDictionary(static removal => removal.Node, static removal => removal.Epoch);
        _loop.Post(now =>
        {
            if (_isStarted) TakeRemovals(now);
        });
    }

    /// <summary>True for a member that was removed: it is no longer shown.</summary>
    public bool IsForgotten(MemberRecord member) => member.State == MemberState.Left && _removals.ContainsKey(member.Id);

    /// <summary>Announces whether this node takes new tasks.</summary>
    public void AnnounceDraining(bool isDraining) =>
        _loop.Post(now => { _core.Announce(now, _core.Self.Meta with { IsDraining = isDraining }, _outbox); Drain(); });

    /// <summary>Announces whether this node leaves: one that does owns nothing and takes no new tasks.</summary>
    public void AnnounceLeaving(bool isLeaving) =>
        _loop.Post(now => { _core.Announce(now, _core.Self.Meta with { IsLeaving = isLeaving, IsDraining = isLeaving }, _outbox); Drain(); });

    /// <summary>True when another member knows what this node announced last.</summary>
    public Task<bool> IsHeardAsync()
    {
        var heard = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(_ => heard.SetResult(_core.IsHeard));
        return heard.Task;
    }

    /// <summary>Tells the others that this node has left.</summary>
    public void Leave()
    {
        using var done = new ManualResetEventSlim();
        if (_loop.Post(now => { _core.Leave(now, _outbox); Drain(); done.Set(); })) done.Wait(TimeSpan.FromSeconds(2));
    }

    /// <summary>Tells the others that this node stops.</summary>
    public void Farewell()
    {
        using var done = new ManualResetEventSlim();
        if (_loop.Post(now => { _core.Stop(now, _outbox); Drain(); done.Set(); })) done.Wait(TimeSpan.FromSeconds(2));
    }

    public void Dispose()
    {
        _udp.Dispose();
        _loop.Dispose();
        _seal?.Dispose();
    }

    private void TakeRemovals(Now now)
    {
        _core.OnRemovals(now, _removals, _outbox);
        Drain();
    }

    private void OnTimer(Now now, NodeTimer timer)
    {
        _core.OnTimer(now, timer, _outbox);
        Drain();
    }

    private void Drain()
    {
        var outputs = _outbox.Items.ToArray();
        _outbox.Clear();
        foreach (var output in outputs) Carry(output);
        Feed.Take(outputs, HostClock.Now.WallMs);
    }

    private void Carry(Output output)
    {
        switch (output)
        {
            case SetTimer timer: _loop.SetTimer(timer.Timer, timer.DueTicks); break;
            case SendDatagram datagram: _udp.Send(datagram.Host, datagram.UdpPort, datagram.Packet); break;
            case SendPushPull call: _ = CallAsync(call); break;
            case SendStreamPing ping: _ = PingAsync(ping); break;
            case AnswerPushPull answer: Complete(answer.RequestId, answer.Body); break;
            case RefusePushPull refusal: Complete(refusal.RequestId, null); break;
            case MembersChanged changed: Publish(changed.Snapshot); break;
            case Ready: _isReady = true; Publish(_core.Members); break;
            case DeclaredLeft left: DeclaredLeft?.Invoke(left.Epoch); break;
            case PersistKnown known: Identity.SaveKnown(_disk, known.Snapshot); break;
            case PersistEpoch epoch:
                Identity.SaveEpoch(_disk, _core.Self.Id, epoch.Epoch);
                _seal?.BeginEpoch(epoch.Epoch);
                break;
            case Notice notice:
                _metrics.Membership.On(notice);
                if (notice is RoundTripMeasured trip) _roundTrips[trip.Id] = trip.Took;
                // One a second while all is well: measured only.
                if (notice is ProbeAnswered or RoundTripMeasured or StreamPingAnswered) break;
                _counters.Add("notice_" + notice.GetType().Name);
                _log.Notice(notice);
                break;
            default: break;
        }
    }

    private void Publish(MembersSnapshot members)
    {
        _members = members;
        if (_isReady) Changed?.Invoke(members);
    }

    private void Complete(long request, ReadOnlyMemory<byte>? body)
    {
        if (_requests.Remove(request, out var waiting)) waiting.SetResult(body);
    }

    private async Task CallAsync(SendPushPull call)
    {
        var answers = await _pushPull.CallAsync(call.Address, call.Body).ConfigureAwait(false);
        if (answers.Count == 0) _loop.Post(now => { _core.OnPushPullFailed(now, call.Address, _outbox); Drain(); });
        foreach (var answer in answers) _loop.Post(now => { _core.OnPushPullReply(now, call.Address, answer, _outbox); Drain(); });
    }

    private async Task PingAsync(SendStreamPing ping)
    {
        var answer = await _pushPull.PingAsync(ping.Address, ping.Body, _pingDeadline).ConfigureAwait(false);
        if (answer is { } body) Count(_loop.TryPost(now => { _core.OnStreamPong(now, body, _outbox); Drain(); }));
    }

    private void Count(bool taken)
    {
        if (!taken) _counters.Add("membership_inputs_dropped");
    }
}
