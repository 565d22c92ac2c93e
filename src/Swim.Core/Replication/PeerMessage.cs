using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Storage;

namespace Swim.Core.Replication;

/// <summary>What one node's state or scheduling core says to another's. Encoded by <see cref="PeerCodec"/>.</summary>
public abstract record PeerMessage
{
    /// <summary>Which stream carries it: frames of one lane keep their order, lanes do not wait for each other.</summary>
    public virtual PeerLane Lane => PeerLane.State;

    /// <summary>Which core of the receiver takes it.</summary>
    public virtual bool IsForScheduler => false;
}

/// <summary>The streams between two nodes.</summary>
public enum PeerLane : byte
{
    /// <summary>Cells, repair, forwarded commands.</summary>
    State = 0,

    /// <summary>Credits, dispatches, results.</summary>
    Tasks = 1,
}

/// <summary>Send <paramref name="Message"/> to <paramref name="To"/>, which may be this node itself. May be lost, never answered by the host.</summary>
public sealed record SendToPeer(NodeId To, PeerMessage Message) : Output;

/// <summary>
/// Append <paramref name="Record"/>, which tells of <paramref name="Buckets"/>, to the log; the core counts positions from 1 and is told by <c>OnPersisted</c>.
/// </summary>
public sealed record Persist(ReadOnlyMemory<byte> Record, TouchedBuckets Buckets) : Output;

/// <summary>New writes of one actor in one or several buckets.</summary>
public sealed record PushCells(IReadOnlyList<DeltaFrame> Frames) : PeerMessage;

/// <summary>All writes of <paramref name="Actor"/> up to <paramref name="SeenUpTo"/> in that bucket are on the sender's disk.</summary>
public sealed record PushAck(int Bucket, ulong Actor, ulong SeenUpTo) : PeerMessage;

/// <summary>Opens a repair exchange over the buckets both hold. An answerer with the same <paramref name="Root"/> says that nothing differs.</summary>
public sealed record RepairOpen(long Exchange, ulong Root) : PeerMessage
{
    /// <summary>Buckets that the opener owns since the ring changed: to be told of whatever the answerer takes the ring for. Null for none.</summary>
    public Ring.BucketSet? Asked { get; init; }

    /// <summary>Ascending, the groups of buckets that differ, whose digests are asked for; null at first.</summary>
    public IReadOnlyCollection<int>? Groups { get; init; }
}

/// <summary>
/// The answer where many buckets are shared: digests of the answerer's groups of buckets, all of them in ascending order. The opener asks for
/// those of the buckets in the groups that differ.
/// </summary>
/// <param name="Exchange">The opener's number.</param>
/// <param name="Digests">As <see cref="BucketGroups.DigestsOf"/> makes them.</param>
/// <param name="Ring">The fingerprint of the ring by which the answerer knows what is shared.</param>
/// <param name="WallMs">The answerer's wall clock.</param>
public sealed record RepairGroups(long Exchange, IReadOnlyList<ulong> Digests, ulong Ring, long WallMs) : PeerMessage
{
    /// <summary>The newest writer id of the opener that the answerer knows; 0 for none.</summary>
    public ulong Newest { get; init; }
}

/// <summary>Digests of the answerer's shared buckets that hold something, or of those in the groups asked for, ascending; none when the roots were equal.</summary>
/// <param name="Exchange">The opener's number.</param>
/// <param name="Equal">True when nothing differs.</param>
/// <param name="Buckets">The digests.</param>
/// <param name="Ring">The fingerprint of the ring by which the answerer knows what is shared.</param>
/// <param name="WallMs">The answerer's wall clock.</param>
public sealed record RepairDigests(long Exchange, bool Equal, IReadOnlyList<BucketDigest> Buckets, ulong Ring = 0, long WallMs = 0) : PeerMessage
{
    /// <summary>The newest writer id of the opener that the answerer knows; 0 for none.</summary>
    public ulong Newest { get; init; }
}

/// <summary>The sender, who knows all of that bucket that was submitted before its floor, does not know these and does not take them.</summary>
public sealed record WorkflowsRefused(int Bucket, IReadOnlyList<Workflows.WorkflowId> Workflows) : PeerMessage
{
    /// <summary>Most workflows in one message.</summary>
    public const int CountMax = 4_096;
}

/// <summary>
/// Of these writers, which were given up, the sender forgot the entries in its context of that bucket, and does not learn them again: who
/// holds no cell that names them may let them go as well.
/// </summary>
/// <param name="Bucket">Which bucket.</param>
/// <param name="Writers">Their ids, ascending.</param>
/// <param name="Nexts">Of each of them the next one of its family, for which it was given up.</param>
public sealed record WritersRetired(int Bucket, IReadOnlyList<ulong> Writers, IReadOnlyList<ulong> Nexts) : PeerMessage
{
    /// <summary>Most writers in one message; what is left over is told in the next exchange.</summary>
    public const int CountMax = 256;
}

/// <summary>
/// The asker's part of a bucket that differs: answered with the cells whose writes are not in <paramref name="Context"/> or whose digest
/// is in <paramref name="Wants"/>, ascending by key, page by page.
/// </summary>
/// <param name="Request">The asker's number, which the answer names; never 0.</param>
/// <param name="Bucket">Which bucket.</param>
/// <param name="Context">All that the asker has seen; empty to be sent everything.</param>
/// <param name="After">The last key of the page before; null for the first page.</param>
/// <param name="Wants">Digests of cells that the asker lacks though it has seen their writes.</param>
public sealed record RepairAsk(long Request, int Bucket, DotContext Context, CellKey? After, IReadOnlyList<ulong> Wants) : PeerMessage
{
    /// <summary>Most of <see cref="Wants"/>.</summary>
    public const int WantsMax = 16_384;
}

/// <summary>Cells of one bucket: an answer to <see cref="RepairAsk"/>, or what its asker sends back.</summary>
/// <param name="Request">The asker's number; 0 for what is sent back.</param>
/// <param name="Frame">The cells, and what the sender has seen: joined only once all pages are merged.</param>
/// <param name="Digest">The digest of all that the sender holds of the bucket.</param>
/// <param name="Last">False when more pages follow.</param>
public sealed record RepairCells(long Request, DeltaFrame Frame, UInt128 Digest, bool Last) : PeerMessage
{
    /// <summary>
    /// With what is sent back: all that the receiver had seen when it was last heard of, and whose cells are not sent therefore. One that
    /// gave the bucket away meanwhile learns nothing from the frame but its cells. Null in an answer.
    /// </summary>
    public DotContext? Since { get; init; }
}

/// <summary>Asks for coded symbols over the digests of the cells of a bucket (<see cref="Riblt.CodedSymbol"/>).</summary>
/// <param name="Request">The asker's number.</param>
/// <param name="Bucket">Which bucket.</param>
/// <param name="Snapshot">The answerer's number of the set that the symbols so far are of; 0 for none.</param>
/// <param name="From">How many symbols the asker has.</param>
/// <param name="Count">How many more it wants, up to <see cref="RepairSymbols.CountMax"/>.</param>
public sealed record RepairSketchAsk(long Request, int Bucket, long Snapshot, int From, int Count) : PeerMessage;

/// <summary>Coded symbols; from index 0 and of another snapshot where the one asked for is forgotten.</summary>
public sealed record RepairSymbols(long Request, int Bucket, long Snapshot, int From, IReadOnlyList<Riblt.CodedSymbol> Symbols) : PeerMessage
{
    /// <summary>Most symbols in one message, and in all of one exchange.</summary>
    public const int CountMax = 8_192;
}

/// <summary>The sender has more of this bucket for the receiver than one message holds: ask for it. <paramref name="Whole"/>: for everything.</summary>
public sealed record RepairNudge(int Bucket, bool Whole) : PeerMessage;

/// <summary>The sender holds a bucket that it should not, and asks a home owner what it has of it.</summary>
/// <param name="Request">The sender's number, which the answer names.</param>
/// <param name="Bucket">Which bucket.</param>
public sealed record HandoffOffer(long Request, int Bucket) : PeerMessage;

/// <summary>What the sender holds of a bucket, on its disk.</summary>
/// <param name="Request">The number of the <see cref="HandoffOffer"/>.</param>
/// <param name="Bucket">Which bucket.</param>
/// <param name="IsHome">True when the sender too takes itself for a home owner of it: it will not drop it unless others have it.</param>
/// <param name="Digest">Over all its cells.</param>
/// <param name="Context">All the writes it has seen.</param>
public sealed record HandoffAnswer(long Request, int Bucket, bool IsHome, UInt128 Digest, DotContext Context) : PeerMessage;

/// <summary>A command passed on to an owner.</summary>
public sealed record Forward(long Request, Command Command) : PeerMessage;

/// <summary>The owner's answer to <see cref="Forward"/>.</summary>
public sealed record ForwardAnswer(long Request, Reply Reply) : PeerMessage;

/// <summary>A bucket's digest within a repair exchange.</summary>
public readonly record struct BucketDigest(int Bucket, ulong Digest);

/// <summary>A planner says to an executor how many slots it could use and how many of the granted ones it has used up. Counters only grow.</summary>
/// <param name="PlannerEpoch">Counters restart with each epoch of the planner.</param>
/// <param name="ExecutorEpoch">The executor's epoch that the planner counts for.</param>
/// <param name="Demand">Slots needed at once, those in hand included: ready tasks that wait.</param>
/// <param name="Reserve">Slots liked in hand beyond those, while nobody else needs them.</param>
/// <param name="Used">Granted slots that a dispatch took.</param>
/// <param name="Returned">Granted slots given back unused.</param>
public sealed record CreditDemand(ulong PlannerEpoch, ulong ExecutorEpoch, int Demand, int Reserve, long Used, long Returned) : PeerMessage
{
    /// <inheritdoc/>
    public override PeerLane Lane => PeerLane.Tasks;

    /// <inheritdoc/>
    public override bool IsForScheduler => true;
}

/// <summary>An executor says how many slots it has granted the planner so far.</summary>
/// <param name="ExecutorEpoch">Counters restart with each epoch of the executor.</param>
/// <param name="PlannerEpoch">The planner's epoch that the executor counts for.</param>
/// <param name="Granted">Slots granted since both epochs began; only grows.</param>
/// <param name="Recall">True: others wait, give back what is not needed now.</param>
public sealed record CreditGrant(ulong ExecutorEpoch, ulong PlannerEpoch, long Granted, bool Recall) : PeerMessage
{
    /// <inheritdoc/>
    public override PeerLane Lane => PeerLane.Tasks;
}

/// <summary>Run this attempt. Sent again until the executor shows it in a heartbeat or answers with its end.</summary>
/// <param name="Attempt">Which one.</param>
/// <param name="PlannerEpoch">The boot counter of the sender.</param>
/// <param name="ExecutorEpoch">The boot counter of the receiver that the claim names; another one hands it back.</param>
/// <param name="CreditsUsed">The sender's count of used credits, this one included.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">A JSON object in UTF-8, references resolved.</param>
/// <param name="Timeout">How long the attempt may run.</param>
public sealed record Dispatch(
    AttemptId Attempt, ulong PlannerEpoch, ulong ExecutorEpoch, long CreditsUsed, string Tool, ReadOnlyMemory<byte> Arguments, TimeSpan Timeout) : PeerMessage
{
    /// <summary>The task's name within its workflow, for people: executors need not hold the definition.</summary>
    public string TaskName { get; init; } = "";

    /// <summary>Stop it by then, by the receiver's wall clock, unless <see cref="LeaseExtended"/> says otherwise; 0 where it may run as long as it likes.</summary>
    public long LeaseUntilUnixMs { get; init; }

    /// <inheritdoc/>
    public override PeerLane Lane => PeerLane.Tasks;

    /// <inheritdoc/>
    public override bool IsForScheduler => true;
}

/// <summary>Stop this attempt; its end is reported as usual, as stopped where it was not known.</summary>
public sealed record StopAttempt(AttemptId Attempt) : PeerMessage
{
    /// <inheritdoc/>
    public override PeerLane Lane => PeerLane.Tasks;

    /// <inheritdoc/>
    public override bool IsForScheduler => true;
}

/// <summary>The executor has no slot or another epoch: the attempt was not started.</summary>
public sealed record AttemptHandedBack(AttemptId Attempt) : PeerMessage
{
    /// <inheritdoc/>
    public override PeerLane Lane => PeerLane.Tasks;
}

/// <summary>The attempts that run on the sender and belong to buckets the receiver plans.</summary>
public sealed record AttemptsRunning(ulong ExecutorEpoch, IReadOnlyList<AttemptId> Attempts) : PeerMessage
{
    /// <inheritdoc/>
    public override PeerLane Lane => PeerLane.Tasks;
}

/// <summary>An attempt ended. Sent again until an owner has committed it.</summary>
public sealed record AttemptEnded(AttemptId Attempt, AttemptOutcome Outcome) : PeerMessage
{
    /// <inheritdoc/>
    public override PeerLane Lane => PeerLane.Tasks;
}

/// <summary>The end of the attempt is on an owner's disk (or can never matter): forget it.</summary>
public sealed record AttemptEndedAck(AttemptId Attempt) : PeerMessage
{
    /// <inheritdoc/>
    public override PeerLane Lane => PeerLane.Tasks;

    /// <inheritdoc/>
    public override bool IsForScheduler => true;
}
