using System.Collections.Immutable;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;

namespace Swim.Core.Tests.Replication;

/// <summary>
/// Two replicas of everything on virtual time, filled by hand and left to repair each other. Every message goes through its bytes, and
/// the bytes are counted.
/// </summary>
public sealed class RepairPair
{
    /// <summary>The bucket of the cells that <see cref="CellOf"/> makes by default.</summary>
    public const int Bucket = 3;

    private const long StartWallMs = 1_700_000_000_000;
    private const ulong Actor = 77;
    private static readonly NodeId _writer = new(9);
    private readonly ReplicaCore[] _cores = new ReplicaCore[2];
    private readonly Queue<(int From, byte[] Bytes)> _sent = new();
    private NodeTimer _tick;
    private long _ticks = TimeSpan.TicksPerSecond;

    /// <summary>Two empty replicas that know each other.</summary>
    public RepairPair(ulong seed = 1)
    {
        for (var side = 0; side < 2; side++) _cores[side] = new ReplicaCore(new ReplicaSettings(IdOf(side), 7), new Prng((seed * 2) + (ulong)side));
        for (var side = 0; side < 2; side++) Call(side, (core, outbox) => core.Start(Now, outbox));
        for (var side = 0; side < 2; side++) See(side, 1, MemberState.Alive);
        RunFor(500);
        Reset();
    }

    /// <summary>Bytes that the two have sent each other since <see cref="Reset"/>, the cells and what else stands in their frames left out.</summary>
    public long Bytes { get; private set; }

    /// <summary>Cells that they have sent.</summary>
    public int CellsSent { get; private set; }

    /// <summary>Exchanges opened.</summary>
    public int Rounds { get; private set; }

    /// <summary>What was sent, by type.</summary>
    public SortedDictionary<string, int> Messages { get; } = new(StringComparer.Ordinal);

    /// <summary>What the wire makes of a message: null loses it.</summary>
    public Func<int, PeerMessage, PeerMessage?> Wire { get; set; } = static (_, message) => message;

    /// <summary>True when both hold the same cells and have seen the same writes.</summary>
    public bool IsEqual => Signatures(0).SequenceEqual(Signatures(1));

    private Now Now => new(_ticks, StartWallMs + (_ticks / Now.TicksPerMs));

    /// <summary>The replica of one side.</summary>
    public ReplicaCore this[int side] => _cores[side];

    /// <summary>A cell of no kind that this version knows, the write <paramref name="seq"/> of its bucket.</summary>
    public static Cell CellOf(ulong seq, int bucket = Bucket, int payloadBytes = 40)
    {
        var payload = new byte[payloadBytes];
        BitConverter.TryWriteBytes(payload, seq);
        var workflow = new WorkflowId(((ulong)bucket << 52) | (seq / 16), 1);
        return new Cell(new CellKey(workflow, (CellKind)0x9E, new Subkey(seq)), HlcTimestamp.From(StartWallMs - 1_000, 0), _writer, new Dot(Actor, seq), payload);
    }

    /// <summary>Gives one side cells, as a push that names the writes up to <paramref name="to"/>.</summary>
    public void Push(int side, IReadOnlyList<Cell> cells, ulong to, int bucket = Bucket, ulong from = 1) =>
        Take(side, new PushCells([new DeltaFrame(bucket, Actor, from, to, cells, null)]));

    /// <summary>Lets a message of a third node come to one side.</summary>
    public void Take(int side, PeerMessage message) => Call(side, (core, outbox) => core.OnMessage(Now, _writer, message, outbox));

    /// <summary>Lets a message come to one side, from the other.</summary>
    public void Deliver(int side, PeerMessage message)
    {
        Call(side, (core, outbox) => core.OnMessage(Now, IdOf(1 - side), message, outbox));
        Exchange();
    }

    /// <summary>Each takes the other for dead and then for alive, at one moment, as after a split; what they say to each other then is exchanged.</summary>
    public void Part()
    {
        for (var side = 0; side < 2; side++) See(side, 2, MemberState.Dead);
        for (var side = 0; side < 2; side++) See(side, 3, MemberState.Alive);
        Exchange();
    }

    /// <summary>Counts from here on.</summary>
    public void Reset()
    {
        (Bytes, CellsSent, Rounds) = (0, 0, 0);
        Messages.Clear();
    }

    /// <summary>Runs until both are equal; false if that takes longer.</summary>
    public bool RunUntilEqual(int withinMs = 10_000)
    {
        for (var left = withinMs; left > 0 && !IsEqual; left -= 100) RunFor(100);
        return IsEqual;
    }

    /// <summary>Lets the time pass, in steps of 100 ms.</summary>
    public void RunFor(int ms)
    {
        for (; ms > 0; ms -= 100)
        {
            _ticks += 100 * Now.TicksPerMs;
            for (var side = 0; side < 2; side++) Call(side, (core, outbox) => core.OnTimer(Now, _tick, outbox));
            Exchange();
        }
    }

    private static NodeId IdOf(int side) => new((ulong)side + 1);

    // A bucket that was asked for and is empty differs in nothing.
    private IEnumerable<(int Bucket, ulong Signature)> Signatures(int side) =>
        _cores[side].Held.Where(static bucket => bucket.CellCount > 0).Select(static bucket => (bucket.Number, bucket.Signature()));

    private void See(int side, ulong version, MemberState other) => Call(side, (core, outbox) =>
    {
        var members = Enumerable.Range(0, 2).ToImmutableSortedDictionary(
            IdOf, at => new MemberRecord(IdOf(at), 1, version, at == side ? MemberState.Alive : other, new MemberMeta($"n{at + 1}", "h", 1, 2, 3, "", 16)));
        core.OnPlacement(Now, core.Keeper.OnMembers(Now, new MembersSnapshot((long)version, members, version)), outbox);
    });

    private void Exchange()
    {
        while (_sent.TryDequeue(out var sent))
        {
            if (!PeerCodec.TryDecode(sent.Bytes, out var message)) throw new InvalidOperationException("A message is not read back.");
            if (Wire(sent.From, message!) is { } arrived) Call(1 - sent.From, (core, outbox) => core.OnMessage(Now, IdOf(sent.From), arrived, outbox));
        }
    }

    private void Call(int side, Action<ReplicaCore, Outbox> call)
    {
        var outbox = new Outbox();
        call(_cores[side], outbox);
        foreach (var output in outbox.Items)
        {
            if (output is SetTimer timer) _tick = timer.Timer;
            if (output is SendToPeer send && send.To == IdOf(1 - side) && !send.Message.IsForScheduler) Count(side, send.Message);
        }
    }

    private void Count(int side, PeerMessage message)
    {
        var bytes = PeerCodec.Encode(message);
        _sent.Enqueue((side, bytes));
        Messages[message.GetType().Name] = Messages.GetValueOrDefault(message.GetType().Name) + 1;
        Bytes += bytes.Length;
        if (message is RepairOpen { Groups: null }) Rounds++;
        if (message is not RepairCells { Frame: var frame } cells) return;
        CellsSent += frame.Cells.Count;
        Bytes -= bytes.Length - PeerCodec.Encode(cells with { Frame = frame with { Cells = [] } }).Length;
    }
}
