using System.Collections.Immutable;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;

namespace Swim.Core.Tests.Replication;

/// <summary>Parts of a core around one store, for tests of what happens to the entries of its contexts.</summary>
internal sealed class WriterStates
{
    public const int Number = 3;
    public const long WallMs = 1_767_225_600_000;
    public static readonly NodeId Other = new(2);

    public WriterStates(ulong node = 1, int members = 1)
    {
        State = new ReplicaState(new ReplicaSettings(new NodeId(node), 7), new Prng(node)) { Now = new Now(TimeSpan.TicksPerSecond, WallMs), Outbox = new Outbox() };
        var records = Enumerable.Range(1, members).ToImmutableSortedDictionary(
            static id => new NodeId((ulong)id), static id => new MemberRecord(new NodeId((ulong)id), 1, 1, MemberState.Alive, new MemberMeta($"n{id}", "h", 1, 2, 3, "", 16)));
        State.Placement = Placement.Build(7, 3, State.Self, new MembersSnapshot(1, records, 1), null);
        Acks = new ReplicationAcks(State) { Gossip = static _ => { } };
        Retirement = new WriterRetirement(State, Acks);
        Guard = new WriterGuard(State);
    }

    public ReplicaState State { get; }
    public ReplicationAcks Acks { get; }
    public WriterRetirement Retirement { get; }
    public WriterGuard Guard { get; }

    public Bucket Held => State.Store.Find(Number)!;

    public DotContext Context => Held.Context;

    /// <summary>All that was sent, and nothing from here on.</summary>
    public List<PeerMessage> TakeSent()
    {
        var sent = State.Outbox.Items.OfType<SendToPeer>().Select(static send => send.Message).ToList();
        State.Outbox = new Outbox();
        return sent;
    }

    /// <summary>A frame comes as one of repair does.</summary>
    public void Take(params (ulong Writer, ulong Seq)[] entries) => Take([], entries);

    public void Take(IReadOnlyList<Cell> cells, params (ulong Writer, ulong Seq)[] entries)
    {
        State.Store.Merge(Guard.Pass(Other, DeltaFrame.Repair(Number, cells, ContextOf(entries))));
        State.Store.Commit(State.Outbox);
    }

    public static DotContext ContextOf(params (ulong Writer, ulong Seq)[] entries)
    {
        var context = new DotContext();
        foreach (var (writer, seq) in entries) context.AddRange(writer, 1, seq);
        return context;
    }

    public static ulong IdOf(ulong family, long bornMs) => WriterId.Of(family, WriterId.BirthAt(WallMs + bornMs));

    public static HlcTimestamp At(long ms) => HlcTimestamp.From(WallMs + ms, 0);

    public static Cell CellOf(ulong writer, ulong seq, ulong at = 0, long stampMs = 0) => new(
        new CellKey(new Swim.Core.Workflows.WorkflowId((ulong)Number << 52, 1), (CellKind)0x9E, new Subkey(at)), At(stampMs), Other, new Dot(writer, seq), new byte[] { 1 });
}
