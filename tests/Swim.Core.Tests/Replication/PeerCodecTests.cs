using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Replication.Riblt;
using Swim.Core.Ring;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>What nodes say to each other: every message comes back, and nothing a stranger sends throws or costs more than its size.</summary>
public sealed class PeerCodecTests
{
    private const int MutationsPerMessage = 2_000;
    private static readonly WorkflowId Workflow = new(0x1122334455667788, 0x99AABBCCDDEEFF00);
    private static readonly AttemptId Attempt = new(Workflow, 3, 0, 2, 0xABCDEF);

    public static TheoryData<string> Kinds => [.. Samples().Select(static sample => sample.GetType().Name).Distinct()];

    [Fact]
    public void There_is_a_sample_of_every_message() => Assert.Equal(
        typeof(PeerMessage).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(PeerMessage))).Select(static type => type.Name).Order(),
        Samples().Select(static sample => sample.GetType().Name).Distinct().Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_message_comes_back_with_the_same_bytes(string kind)
    {
        foreach (var bytes in BytesOf(kind))
        {
            Assert.True(PeerCodec.TryDecode(bytes, out var read));
            Assert.Equal(kind, read!.GetType().Name);
            Assert.Equal(bytes, PeerCodec.Encode(read));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_message_cut_short_or_with_more_behind_it_is_refused(string kind)
    {
        foreach (var bytes in BytesOf(kind))
        {
            for (var length = 0; length < bytes.Length; length++) Assert.False(PeerCodec.TryDecode(bytes.AsMemory(0, length), out _));
            Assert.False(PeerCodec.TryDecode((byte[])[.. bytes, 0], out _));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Changed_bytes_never_throw_and_cost_no_more_than_a_multiple_of_their_size(string kind)
    {
        var prng = new Prng(StableHash.Of(kind));
        foreach (var bytes in BytesOf(kind))
        {
            for (var round = 0; round < MutationsPerMessage; round++) DecodeWithin(Changed(bytes, prng));
        }
    }

    [Fact]
    public void Random_bytes_never_throw_and_cost_no_more_than_a_multiple_of_their_size()
    {
        var prng = new Prng(7);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[prng.Next(200)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)prng.Next(256);
            DecodeWithin(bytes);
        }
    }

    [Theory]
    [InlineData("92 01 DD FF FF FF FF")]
    [InlineData("96 11 01 00 92 DD 7F FF FF FF 90 C0 C4 00")]
    [InlineData("96 11 01 00 92 90 90 C0 C6 7F FF FF F8")]
    [InlineData("96 14 01 00 01 00 C6 7F FF FF FF")]
    [InlineData("93 0E 00 DD 7F FF FF FF")]
    [InlineData("98 0B C6 FF FF FF FF")]
    public void A_count_that_the_bytes_cannot_hold_is_refused_before_anything_is_made(string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        DecodeWithin(bytes);
        Assert.False(PeerCodec.TryDecode(bytes, out _));
    }

    [Fact]
    public void What_is_no_part_of_a_batch_is_refused_and_so_is_a_batch_of_one_or_in_a_batch()
    {
        var ack = new PushAck(17, 5, 12);
        PeerBatch[] refused = [new([ack, new RepairNudge(17, true)]), new([ack]), new([ack, new PeerBatch([ack, ack])]), new([.. Enumerable.Repeat(ack, PeerBatch.CountMax + 1)])];
        Assert.All(refused, static batch => Assert.False(PeerCodec.TryDecode(PeerCodec.Encode(batch), out _)));
    }

    // An exception and its trace cost some KiB, whatever the frame.
    private static void DecodeWithin(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        PeerCodec.TryDecode(bytes, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= 32_768 + (64 * bytes.Length), $"{allocated} bytes for {Convert.ToHexString(bytes)}");
    }

    private static byte[] Changed(byte[] bytes, Prng prng)
    {
        var changed = bytes.ToArray();
        for (var changes = 1 + prng.Next(4); changes > 0; changes--)
        {
            var at = prng.Next(changed.Length);
            changed[at] = prng.Next(3) switch
            {
                0 => (byte)(changed[at] ^ (1 << prng.Next(8))),
                1 => (byte)prng.Next(256),
                _ => (byte)(0xC0 + prng.Next(32)),
            };
        }

        return changed;
    }

    private static IEnumerable<byte[]> BytesOf(string kind) => Samples().Where(sample => sample.GetType().Name == kind).Select(PeerCodec.Encode);

    private static IEnumerable<PeerMessage> Samples()
    {
        var context = new DotContext();
        context.AddRange(5, 1, 9);
        context.Add(new Dot(5, 12));
        var cells = new[] { CellOf(CellKind.Definition, default, 3), CellOf(CellKind.Result, new Subkey(1, 2, 3), 4), CellOf((CellKind)0x9E, new Subkey(7), 5) };
        yield return new PushCells([new DeltaFrame(17, 5, 3, 5, cells, null), new DeltaFrame(4095, 5, 1, 1, [], null)]);
        yield return new PushCells([new DeltaFrame(17, 5, 6, 7, [ClaimOf(1, 6), ClaimOf(2, 7)], null)]);
        yield return new PushAck(17, 5, 12);
        yield return new ClockAsk(long.MaxValue);
        yield return new ClockTell(-5, 1_700_000_000_000, true);
        yield return new ClockOff(-3_600_000);
        yield return new ClockAhead(20_000);
        yield return new RepairOpen(1, ulong.MaxValue);
        yield return new RepairOpen(2, 5) { Asked = BucketSet.All() };
        yield return new RepairOpen(1, 5) { Groups = [] };
        yield return new RepairOpen(1, 5) { Asked = BucketSet.All(), Groups = [0, 3, BucketGroups.Count - 1] };
        yield return new RepairGroups(1, [.. Enumerable.Range(0, BucketGroups.Count).Select(static group => (ulong)group << 50)], 77, 1_700_000_000_000);
        yield return new RepairDigests(1, false, [new BucketDigest(0, 1), new BucketDigest(4095, 2)], 77, 1_700_000_000_000);
        yield return new RepairGroups(1, [.. Enumerable.Range(0, BucketGroups.Count).Select(static group => (ulong)group << 50)], 77, 1_700_000_000_000) { Newest = ulong.MaxValue };
        yield return new RepairDigests(1, true, [], 77, 1_700_000_000_000) { Newest = 5 };
        yield return new WritersRetired(4096, [1, ulong.MaxValue - 1], [2, ulong.MaxValue]);
        yield return new WorkflowsRefused(4095, [new WorkflowId(1, 2), new WorkflowId(ulong.MaxValue, 0)]);
        yield return new RepairAsk(1, 17, context, null, []);
        yield return new RepairAsk(1, 17, new DotContext(), cells[1].Key, [1, 2, ulong.MaxValue]);
        yield return new RepairCells(1, DeltaFrame.Repair(17, cells, context), UInt128.MaxValue - 5, true);
        yield return new PeerBatch([new RepairAsk(1, 17, context, null, []), new RepairCells(0, DeltaFrame.Repair(18, cells, context), 5, true) { Since = context }, new PushAck(17, 5, 12)]);
        yield return new RepairSketchAsk(1, 17, 3, 8, 2);
        yield return new RepairSymbols(1, 17, 3, 8, [new CodedSymbol(1, 2, -300), new CodedSymbol(ulong.MaxValue, uint.MaxValue, 70_000)]);
        yield return new RepairNudge(17, true);
        yield return new GossipCells([new Rumour(new NodeId(7), new DeltaFrame(4096, 5, 3, 5, cells, null)), new Rumour(new NodeId(8), new DeltaFrame(0, 5, 1, 1, [], null))]);
        yield return new ContextAsk(17);
        yield return new ContextTell(17, context);
        yield return new Forward(9, new RemoveMemberCommand(new NodeId(7), true));
        yield return new ForwardAnswer(9, new MemberRemoved(new NodeId(7), 3, true, AckLevel.All, 2, 3));
        yield return new HandoffOffer(1L << 40, 4095);
        yield return new HandoffAnswer(1, 17, true, UInt128.MaxValue, context);
        yield return new Forward(9, new SubmitCommand(Workflow, "default", "key", new byte[] { 1, 2 }, new byte[] { 3 }, AckLevel.K));
        yield return new Forward(9, new GetCommand("default", Workflow, TimeSpan.FromSeconds(1)) { Task = "a" });
        yield return new Forward(9, new CancelCommand("default", Workflow));
        yield return new Forward(9, new ExplainCommand("default", Workflow, "a"));
        yield return new ForwardAnswer(9, new Explained(Workflow, WorkflowState.Running, new NodeId(7), new NodeId(8), [new TaskExplanation("a", TaskState.Pending, WaitReason.Majority, "why", 5, 6)], 2));
        yield return new Forward(9, new ListCommand("default", ListPlace.Start, 10, 6, "name", "00ab", SomeBuckets()));
        yield return new ForwardAnswer(9, new Listed(
            [new WorkflowSummary(new ListPlace(new HlcTimestamp(77), Workflow), "name", WorkflowState.Partial, 3, 2, 1, 9) { Merges = Report() }], true, SomeBuckets()));
        yield return new Forward(9, new ListCommand("default", ListPlace.Start, 10, 6, "name", "00ab", SomeBuckets()) { MergedSinceUnixMs = 77 });
        yield return new ForwardAnswer(9, new Submitted(Workflow, AckLevel.K, true));
        yield return new ForwardAnswer(9, new Shown(View()));
        yield return new ForwardAnswer(9, new CancelAccepted(WorkflowState.Cancelling));
        yield return new ForwardAnswer(9, new Refused(RefusalReason.NotFound, "NOT_FOUND", "No such workflow."));
        yield return new CreditDemand(1, 2, 3, 4, 5, 6);
        yield return new CreditGrant(1, 2, 3, true);
        yield return new Dispatch(Attempt, 1, 2, 3, "builtin:echo", "{}"u8.ToArray(), TimeSpan.FromSeconds(30)) { TaskName = "a" };
        yield return new Dispatch(Attempt, 1, 2, 3, "builtin:echo", "{}"u8.ToArray(), TimeSpan.FromSeconds(30)) { TaskName = "a", LeaseUntilUnixMs = 1_700_000_000_000 };
        yield return new MajorityAsk(77, [new AskedLease(Attempt, [1, 2], [new NodeId(7), new NodeId(8)], 99), new AskedLease(Attempt with { Task = 4 }, [], [new NodeId(7)], 1)]);
        yield return new MajorityVotes(77, [new LeaseVote(Attempt, VoteVerdict.Granted, 0, 0), new LeaseVote(Attempt with { Task = 4 }, VoteVerdict.Held, 5, 9_999)]);
        yield return new LeaseExtended(1_700_000_000_000, [Attempt, Attempt with { Task = 4 }]);
        yield return new StopAttempt(Attempt);
        yield return new AttemptHandedBack(Attempt);
        yield return new AttemptsRunning(1, [Attempt, Attempt with { Task = 4 }]);
        yield return new AttemptEnded(Attempt, new AttemptOutcome(AttemptOutcomeKind.Failed, default, "CODE", "why", true, 10, 20));
        yield return new AttemptEnded(Attempt, new AttemptOutcome(AttemptOutcomeKind.Failed, default, "CODE", "why", true, 10, 20) { RetryAfterMs = 5_000 });
        yield return new AttemptEndedAck(Attempt);
    }

    private static Cell CellOf(CellKind kind, Subkey subkey, ulong seq) =>
        new(new CellKey(Workflow, kind, subkey), new HlcTimestamp(1000 + seq), new NodeId(7), new Dot(5, seq), new byte[] { 1, 2, 3 });

    private static Cell ClaimOf(ulong task, ulong seq)
    {
        var detail = TaskStatusDetail.Empty with { Executor = new NodeId(0x5EED_0000_0000_0001), ExecutorEpoch = 3 };
        var status = new Core.Crdt.TaskStatus(0, TaskState.Claimed, 1, new HlcTimestamp(1000 + seq), new NodeId(7), detail);
        return new(new CellKey(Workflow, CellKind.Status, new Subkey(task)), status.Stamp, status.Node, new Dot(5, seq), CellPayloads.Encode(status));
    }

    private static BucketSet SomeBuckets()
    {
        var set = new BucketSet();
        set.Add(0);
        set.Add(4095);
        return set;
    }

    private static WorkflowView View() => new(
        Workflow, "default", "name", WorkflowState.Partial,
        [new TaskView("a", "builtin:echo", ["b"], TaskState.Failed, 2, new NodeId(7), "1"u8.ToArray(), 1, "CODE", "why", true, 1, 2) { Generation = 3, StaleInputs = ["b"] }],
        "null"u8.ToArray(), 1, 3, 4, AckLevel.K)
    {
        Merges = Report(),
    };

    private static MergeReport Report() => new(
        [new TaskMerge("b", 1, WinReason.Earlier, false, [
            new TaskRun(1, new NodeId(7), new NodeId(8), new HlcTimestamp(5), true, 77, ""), new TaskRun(2, new NodeId(9), new NodeId(8), new HlcTimestamp(6), false, 0, "CODE")])],
        [new FedConsumer("a", 0, 2, new NodeId(7), ["b"], FlipAnswer.Accepted)], new WorkflowId(3, 4), 55, 1, 1);
}
