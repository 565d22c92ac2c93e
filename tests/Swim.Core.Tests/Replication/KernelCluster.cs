using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>A few state kernels on virtual time with perfect links, a fixed view of the members, and a disk that syncs in 1 ms.</summary>
internal sealed class KernelCluster
{
    private readonly SortedDictionary<NodeId, StateKernel> _kernels = [];
    private readonly PriorityQueue<Action, (long Due, long Order)> _events = new();
    private readonly Dictionary<long, Reply> _answers = [];
    private readonly SortedDictionary<NodeId, List<ReadOnlyMemory<byte>>> _logs = [];
    private readonly HashSet<NodeId> _dead = [];
    private readonly HashSet<NodeId> _side = [];
    private readonly HashSet<NodeId> _stopped = [];
    private readonly HashSet<NodeId> _absent = [];
    private readonly HashSet<NodeId> _leaving = [];
    private static readonly NodeId _stranger = new(1_000);
    private PeerMessage? _strangerHeard;
    private long _order;
    private long _ticks = TimeSpan.TicksPerSecond;
    private long _command;

    /// <summary>A cluster of so many nodes, the last of which join only when they are told to.</summary>
    public KernelCluster(int nodes, int slots = 16, int replicas = 3, int absent = 0, ForgettingOptions? forgetting = null)
    {
        for (var i = nodes - absent + 1; i <= nodes; i++) _absent.Add(new NodeId((ulong)i));
        for (var i = 1; i <= nodes; i++)
        {
            var id = new NodeId((ulong)i);
            var replica = new ReplicaCore(new ReplicaSettings(id, 7, replicas) { Forgetting = forgetting ?? new(), RingQuiet = TimeSpan.Zero }, new Prng((ulong)i));
            Replicas[id] = replica;
            _logs[id] = [];
            _kernels[id] = new StateKernel(id, replica, new SchedulerCore(slots));
        }

        foreach (var id in _kernels.Keys.Where(id => !_absent.Contains(id)).ToList()) Start(id);
        TellMembers();
    }

    /// <summary>A message that is lost on its way from one node to another.</summary>
    public Func<NodeId, NodeId, PeerMessage, bool> IsLost { get; set; } = static (_, _, _) => false;


    public SortedDictionary<NodeId, ReplicaCore> Replicas { get; } = [];

    public int Started { get; private set; }

    /// <summary>What each node last told its membership of the removed.</summary>
    public SortedDictionary<NodeId, IReadOnlyList<Removal>> Removed { get; } = [];

    /// <summary>What the nodes told their operators.</summary>
    public List<Notice> Notices { get; } = [];

    /// <summary>The wall clock of every start of a task, in ms.</summary>
    public List<long> StartsMs { get; } = [];

    /// <summary>The wall clock of every stop of a task, in ms.</summary>
    public List<long> StopsMs { get; } = [];

    /// <summary>The wall clock, in ms.</summary>
    public long NowMs => Now.WallMs;

    /// <summary>Runs the tools in the place of the builtin ones: given the node's number and the arguments. Null leaves it to those.</summary>
    public Func<int, JsonObject, ToolOutcome?>? Tool { get; init; }

    /// <summary>What every failure asks for, as a tool that was told to wait would.</summary>
    public long RetryAfterMs { get; init; }

    /// <summary>What is lost on its way; nothing by itself.</summary>
    public Func<SendToPeer, bool> Loses { get; set; } = static _ => false;

    private Now Now => new(_ticks, 1_700_000_000_000 + (_ticks / Now.TicksPerMs));

    public static SubmitCommand Submission(string json, string key = "k", AckLevel ack = AckLevel.K, bool allowShell = false)
    {
        var definition = WorkflowReader.Read(JsonDocumentReader.Read(Encoding.UTF8.GetBytes(json)).Root!, new ReaderOptions { RetentionAbove = TimeSpan.Zero, AllowShell = allowShell }).Definition!;
        var bytes = CanonicalWorkflow.Write(definition);
        return new SubmitCommand(WorkflowId.FromKey("default", key, bytes, []), "default", key, bytes, default, ack);
    }

    public Reply Ask(int node, Command command, int withinMs = 10_000)
    {
        var id = Begin(node, command);
        RunUntil(() => _answers.ContainsKey(id), withinMs);
        Assert.True(_answers.TryGetValue(id, out var reply), $"no answer to {command}");
        return reply;
    }

    /// <summary>Asks and does not wait.</summary>
    public long Begin(int node, Command command)
    {
        var id = ++_command;
        var to = new NodeId((ulong)node);
        _kernels[to].OnCommand(Now, id, command);
        Drain(to);
        return id;
    }

    /// <summary>The answer to a command; null while there is none.</summary>
    public Reply? AnswerTo(long command) => _answers.GetValueOrDefault(command);

    /// <summary>A node that is no part of the cluster says something to one.</summary>
    public void Give(int from, int to, PeerMessage message) => After(new NodeId((ulong)to), 0, kernel => kernel.OnMessage(Now, new NodeId((ulong)from), message));

    /// <summary>What an owner answers to a command that a node which is no part of the cluster passes on to it.</summary>
    public Reply AskOwner(int owner, Command command)
    {
        _strangerHeard = null;
        Give((int)_stranger.Value, owner, new Forward(1, command));
        RunUntil(() => _strangerHeard is not null, 3_000);
        return Assert.IsType<ForwardAnswer>(_strangerHeard).Reply;
    }

    public void Kill(int node)
    {
        _dead.Add(new NodeId((ulong)node));
        TellMembers();
    }

    /// <summary>Cuts these nodes off from the others, and each side takes the other for dead.</summary>
    public void Cut(params int[] nodes)
    {
        _side.UnionWith(nodes.Select(static node => new NodeId((ulong)node)));
        TellMembers();
    }

    /// <summary>Ends the cut.</summary>
    public void Heal()
    {
        _side.Clear();
        TellMembers();
    }

    /// <summary>A node joins that was absent.</summary>
    public void Join(int node, int[]? toldTo = null)
    {
        var id = new NodeId((ulong)node);
        _absent.Remove(id);
        Start(id);
        TellMembers(toldTo);
    }

    /// <summary>A node joins that was absent and hears of nobody yet, as nobody does of it.</summary>
    public void JoinUnaware(int node)
    {
        var id = new NodeId((ulong)node);
        Start(id);
        var self = MembersAsSeenBy(new NodeId(1))[new NodeId(1)] with { Id = id };
        _kernels[id].OnMembers(Now, new MembersSnapshot(1, ImmutableSortedDictionary<NodeId, MemberRecord>.Empty.Add(id, self), 1));
        Drain(id);
    }

    /// <summary>A node that was dead is back, with what it held.</summary>
    public void Revive(int node)
    {
        var id = new NodeId((ulong)node);
        _dead.Remove(id);
        _kernels[id].OnPersisted(Now, _kernels[id].Appended);
        Start(id);
        TellMembers();
    }

    /// <summary>A node announces that it leaves, or takes that back.</summary>
    public void SetLeaving(int node, bool isLeaving)
    {
        if (isLeaving) _leaving.Add(new NodeId((ulong)node));
        else _leaving.Remove(new NodeId((ulong)node));
        SetDraining(node, isLeaving);
        TellMembers();
    }

    /// <summary>What a node would hold if it started again now.</summary>
    public ReplicaCore Recovered(int node)
    {
        var core = new ReplicaCore(new ReplicaSettings(new NodeId((ulong)node), 7), new Prng(99));
        foreach (var record in _logs[new NodeId((ulong)node)]) core.Recover(record);
        return core;
    }

    /// <summary>Stops a node in order: it says so itself.</summary>
    public void Stop(int node)
    {
        _stopped.Add(new NodeId((ulong)node));
        Kill(node);
    }

    /// <summary>Stops a node without anybody noticing.</summary>
    public void Silence(int node) => _dead.Add(new NodeId((ulong)node));

    /// <summary>Makes a node take no tasks, or take them again, without announcing it.</summary>
    public void SetDraining(int node, bool isDraining)
    {
        var id = new NodeId((ulong)node);
        _kernels[id].Drain(Now, isDraining);
        Drain(id);
    }

    /// <summary>What a core that starts with a node's log tells its membership of the removed.</summary>
    public IReadOnlyList<Removal> RecoverAnew(int node)
    {
        var id = new NodeId((ulong)node);
        var core = new ReplicaCore(new ReplicaSettings(id, 7), new Prng(99));
        foreach (var record in _logs[id]) core.Recover(record);
        var outbox = new Outbox();
        core.Start(Now, outbox);
        return outbox.Items.OfType<RemovalsChanged>().Single().Removals;
    }

    public void RunFor(int ms) => RunUntil(static () => false, ms);

    private void Start(NodeId id)
    {
        _kernels[id].Start(Now);
        Drain(id);
    }

    public void RunUntil(Func<bool> done, int withinMs)
    {
        var end = _ticks + (withinMs * Now.TicksPerMs);
        while (!done() && _events.TryPeek(out _, out var at) && at.Due <= end)
        {
            var action = _events.Dequeue();
            _ticks = Math.Max(_ticks, at.Due);
            action();
        }

        if (!done()) _ticks = end;
    }

    private void TellMembers(int[]? to = null)
    {
        foreach (var (id, kernel) in _kernels.Where(kernel => !_dead.Contains(kernel.Key) && !_absent.Contains(kernel.Key) && to?.Contains((int)kernel.Key.Value) != false))
        {
            kernel.OnMembers(Now, new MembersSnapshot(1, MembersAsSeenBy(id), 1));
            Drain(id);
        }
    }

    private ImmutableSortedDictionary<NodeId, MemberRecord> MembersAsSeenBy(NodeId node) =>
        _kernels.Keys.Where(id => !_absent.Contains(id)).ToImmutableSortedDictionary(id => id, id => new MemberRecord(
            id, 1, 0, _dead.Contains(id) || IsCut(node, id) ? MemberState.Dead : MemberState.Alive, new MemberMeta($"n{id.Value}", "h", 1, 2, 3, "", 16) { IsDraining = _stopped.Contains(id), IsLeaving = _leaving.Contains(id) }))
        .Add(_stranger, new MemberRecord(_stranger, 1, 0, MemberState.Left, new MemberMeta("stranger", "h", 1, 2, 3, "", 16)));

    private bool IsCut(NodeId one, NodeId other) => _side.Contains(one) != _side.Contains(other);

    private void After(NodeId node, long ticks, Action<StateKernel> input) => _events.Enqueue(
        () =>
        {
            if (_dead.Contains(node)) return;
            input(_kernels[node]);
            Drain(node);
        },
        (_ticks + ticks, ++_order));

    private void Drain(NodeId node)
    {
        var kernel = _kernels[node];
        while (kernel.TryTake(out var output))
        {
            switch (output)
            {
                case Persist persist:
                    _logs[node].Add(persist.Record);
                    After(node, Now.TicksPerMs, PersistedUpTo(kernel));
                    break;
                case SendToPeer send: Deliver(node, send); break;
                case SetTimer timer: After(node, timer.DueTicks - _ticks, k => k.OnTimer(Now, timer.Timer)); break;
                case StartTask task: Run(node, task); break;
                case StopTask stop: Stop(node, stop); break;
                case RemovalsChanged removals: Removed[node] = removals.Removals; break;
                case Notice notice: Notices.Add(notice); break;
                case Answer answer: _answers.Add(answer.CommandId, answer.Reply); break;
                default: break;
            }
        }
    }

    private Action<StateKernel> PersistedUpTo(StateKernel kernel)
    {
        var position = kernel.Appended;
        return k => k.OnPersisted(Now, position);
    }

    private void Deliver(NodeId from, SendToPeer send)
    {
        var bytes = PeerCodec.Encode(send.Message);
        Assert.InRange(bytes.Length, 1, PeerCodec.FrameBytesMax);
        Assert.True(PeerCodec.TryDecode(bytes, out var message), $"{send.Message} has no bytes");
        if (send.To == _stranger) _strangerHeard = message;
        if (!_kernels.ContainsKey(send.To)) return;
        if (IsCut(from, send.To) || Loses(send) || IsLost(from, send.To, message!)) return;
        After(send.To, Now.TicksPerMs / 2, kernel => kernel.OnMessage(Now, from, message!));
    }

    /// <summary>A new life of a node from its log, so many ms from now, with nobody around but the test.</summary>
    public SoleVoter RestartAlone(int node, int afterMs, long clockAheadMs = 0) =>
        new(new NodeId((ulong)node), _kernels.Count, _logs[new NodeId((ulong)node)], new Now(_ticks + (afterMs * Now.TicksPerMs), NowMs + afterMs + clockAheadMs));

    private void Stop(NodeId node, StopTask stop)
    {
        StopsMs.Add(NowMs);
        EndStopped(node, stop);
    }

    private void EndStopped(NodeId node, StopTask stop) => After(node, 0, kernel => kernel.OnTaskFinished(
        Now, stop.Attempt, new AttemptOutcome(AttemptOutcomeKind.Stopped, default, "STOPPED", "It was told to stop.", false, Now.WallMs, Now.WallMs)));

    private void Run(NodeId node, StartTask task)
    {
        Started++;
        StartsMs.Add(Now.WallMs);
        var arguments = (JsonObject)JsonNode.Parse(task.Arguments.Span)!;
        var outcome = Tool?.Invoke((int)node.Value, arguments) ?? BuiltinTools.Run(task.Tool, arguments);
        var began = Now.WallMs;
        After(node, outcome.Delay.Ticks, kernel => kernel.OnTaskFinished(Now, task.Attempt, new AttemptOutcome(
            outcome.IsSuccess ? AttemptOutcomeKind.Succeeded : AttemptOutcomeKind.Failed, outcome.OutputJson, outcome.Failure?.Code ?? "",
            outcome.Failure?.Message ?? "", outcome.Failure?.Retryable ?? false, began, Now.WallMs)
        {
            RetryAfterMs = outcome.IsSuccess ? 0 : RetryAfterMs,
        }));
    }
}
