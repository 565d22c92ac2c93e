using System.Buffers;
using MessagePack;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Bytes of what nodes say to each other: <c>[type, fields…]</c> in MessagePack. Reading never throws: anything that is not a
/// message of this version is refused, and the caller counts it.
/// </summary>
public static class PeerCodec
{
    /// <summary>Largest message: 24 MiB, room for the largest submission. Pushes and repair keep theirs below 1 MiB.</summary>
    public const int FrameBytesMax = 24 << 20;

    // A count is a stranger's word: room for no more than this before they are there.
    private const int FramesAtFirst = 16;

    /// <summary>The bytes of <paramref name="message"/>.</summary>
    public static byte[] Encode(PeerMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, message);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false on anything else.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, out PeerMessage? message)
    {
        message = null;
        if (bytes.Length > FrameBytesMax) return false;
        try
        {
            var reader = new MessagePackReader(bytes);
            var read = Read(ref reader);
            if (!reader.End) return false;
            message = read;
            return true;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            return false;
        }
    }

    private static void Write(ref MessagePackWriter writer, PeerMessage message)
    {
        switch (message)
        {
            case PushCells m: Head(ref writer, 1, 1); WriteFrames(ref writer, m.Frames); break;
            case PushAck m: Head(ref writer, 2, 3); writer.Write(m.Bucket); writer.Write(m.Actor); writer.Write(m.SeenUpTo); break;
            case RepairOpen m: Head(ref writer, 3, RepairCodec.FieldsOf(m)); RepairCodec.Write(ref writer, m); break;
            case RepairGroups m: Head(ref writer, 5, m.Newest == 0 ? 4 : 5); RepairCodec.Write(ref writer, m); break;
            case RepairDigests m: Head(ref writer, 4, m.Newest == 0 ? 5 : 6); writer.Write(m.Exchange); writer.Write(m.Equal); WriteDigests(ref writer, m.Buckets); writer.Write(m.Ring); writer.Write(m.WallMs); if (m.Newest != 0) writer.Write(m.Newest); break;
            case WritersRetired m: Head(ref writer, 38, 3); RepairCodec.Write(ref writer, m); break;
            case RepairAsk m: Head(ref writer, 17, 5); RepairCodec.Write(ref writer, m); break;
            case RepairCells m: Head(ref writer, 18, 5); RepairCodec.Write(ref writer, m); break;
            case RepairSketchAsk m: Head(ref writer, 19, 5); RepairCodec.Write(ref writer, m); break;
            case RepairSymbols m: Head(ref writer, 20, 5); RepairCodec.Write(ref writer, m); break;
            case RepairNudge m: Head(ref writer, 21, 2); writer.Write(m.Bucket); writer.Write(m.Whole); break;
            case GossipCells m: Head(ref writer, 22, 1); WriteRumours(ref writer, m.Rumours); break;
            case WorkflowsRefused m: Head(ref writer, 23, 2); writer.Write(m.Bucket); ForgettingCodec.WriteIds(ref writer, m.Workflows); break;
            case HandoffOffer m: Head(ref writer, 24, 2); writer.Write(m.Request); writer.Write(m.Bucket); break;
            case HandoffAnswer m: Head(ref writer, 25, 5); RepairCodec.Write(ref writer, m); break;
            case ContextAsk m: Head(ref writer, 26, 1); writer.Write(m.Bucket); break;
            case ContextTell m: Head(ref writer, 27, 2); writer.Write(m.Bucket); m.Context.Write(ref writer); break;
            case ClockAsk m: Head(ref writer, 34, 1); writer.Write(m.AskedTicks); break;
            case ClockTell m: Head(ref writer, 35, 3); writer.Write(m.AskedTicks); writer.Write(m.WallMs); writer.Write(m.IsRight); break;
            case ClockOff m: Head(ref writer, 36, 1); writer.Write(m.ByMs); break;
            case ClockAhead m: Head(ref writer, 37, 1); writer.Write(m.AheadMs); break;
            case Forward m: Head(ref writer, 7, 2); writer.Write(m.Request); CommandCodec.Write(ref writer, m.Command); break;
            case ForwardAnswer m: Head(ref writer, 8, 2); writer.Write(m.Request); ReplyCodec.Write(ref writer, m.Reply); break;
            case CreditDemand m: Head(ref writer, 9, 6); writer.Write(m.PlannerEpoch); writer.Write(m.ExecutorEpoch); writer.Write(m.Demand); writer.Write(m.Reserve); writer.Write(m.Used); writer.Write(m.Returned); break;
            case CreditGrant m: Head(ref writer, 10, 4); writer.Write(m.ExecutorEpoch); writer.Write(m.PlannerEpoch); writer.Write(m.Granted); writer.Write(m.Recall); break;
            case Dispatch m: Head(ref writer, 11, m.LeaseUntilUnixMs == 0 ? 8 : 9); WriteAttempt(ref writer, m.Attempt); writer.Write(m.PlannerEpoch); writer.Write(m.ExecutorEpoch); writer.Write(m.CreditsUsed); writer.Write(m.Tool); writer.Write(m.Arguments.Span); writer.Write(m.Timeout.Ticks); writer.Write(m.TaskName); if (m.LeaseUntilUnixMs != 0) writer.Write(m.LeaseUntilUnixMs); break;
            case StopAttempt m: Head(ref writer, 12, 1); WriteAttempt(ref writer, m.Attempt); break;
            case AttemptHandedBack m: Head(ref writer, 13, 1); WriteAttempt(ref writer, m.Attempt); break;
            case AttemptsRunning m: Head(ref writer, 14, 2); writer.Write(m.ExecutorEpoch); WriteAttempts(ref writer, m.Attempts); break;
            case AttemptEnded m: Head(ref writer, 15, 2); WriteAttempt(ref writer, m.Attempt); WriteOutcome(ref writer, m.Outcome); break;
            case AttemptEndedAck m: Head(ref writer, 16, 1); WriteAttempt(ref writer, m.Attempt); break;
            case MajorityAsk m: Head(ref writer, 28, 2); MajorityCodec.Write(ref writer, m); break;
            case MajorityVotes m: Head(ref writer, 29, 2); MajorityCodec.Write(ref writer, m); break;
            case PeerBatch m: Head(ref writer, 40, 1); WriteBatch(ref writer, m); break;
            case LeaseExtended m: Head(ref writer, 30, 2); writer.Write(m.UntilUnixMs); WriteAttempts(ref writer, m.Attempts); break;
            default: Invariant.Holds(false, $"every message has bytes, {message.GetType().Name} has none"); break;
        }
    }

    private static PeerMessage Read(ref MessagePackReader reader, bool isPart = false)
    {
        var length = reader.ReadArrayHeader();
        var type = reader.ReadByte();
        return (type, length - 1) switch
        {
            (1, 1) => new PushCells(ReadFrames(ref reader)),
            (2, 3) => new PushAck(ReadBucket(ref reader), reader.ReadUInt64(), reader.ReadUInt64()),
            (3, >= 2 and <= 4) => RepairCodec.ReadOpen(ref reader, length - 1),
            (4, 5 or 6) => ReadDigestsOf(ref reader, length - 1),
            (38, 3) => RepairCodec.ReadRetired(ref reader),
            (5, 4) => RepairCodec.ReadGroups(ref reader),
            (5, 5) => RepairCodec.ReadGroups(ref reader) with { Newest = reader.ReadUInt64() },
            (7, 2) => new Forward(reader.ReadInt64(), CommandCodec.Read(ref reader)),
            (8, 2) => new ForwardAnswer(reader.ReadInt64(), ReplyCodec.Read(ref reader)),
            (9, 6) => new CreditDemand(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64()),
            (10, 4) => new CreditGrant(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadInt64(), reader.ReadBoolean()),
            (11, 8) => ReadDispatch(ref reader),
            (11, 9) => ReadDispatch(ref reader) with { LeaseUntilUnixMs = ReadUntil(ref reader) },
            (12, 1) => new StopAttempt(ReadAttempt(ref reader)),
            (13, 1) => new AttemptHandedBack(ReadAttempt(ref reader)),
            (14, 2) => new AttemptsRunning(reader.ReadUInt64(), ReadAttempts(ref reader)),
            (15, 2) => new AttemptEnded(ReadAttempt(ref reader), ReadOutcome(ref reader)),
            (16, 1) => new AttemptEndedAck(ReadAttempt(ref reader)),
            (17, 5) => RepairCodec.ReadAsk(ref reader),
            (18, 5) => RepairCodec.ReadCells(ref reader),
            (19, 5) => RepairCodec.ReadSketchAsk(ref reader),
            (20, 5) => RepairCodec.ReadSymbols(ref reader),
            (21, 2) => new RepairNudge(ReadBucket(ref reader), reader.ReadBoolean()),
            (22, 1) => new GossipCells(ReadRumours(ref reader)),
            (23, 2) => new WorkflowsRefused(ReadBucket(ref reader), ForgettingCodec.ReadIds(ref reader)),
            (24, 2) => new HandoffOffer(reader.ReadInt64(), ReadBucket(ref reader)),
            (25, 5) => RepairCodec.ReadHandoff(ref reader),
            (26, 1) => new ContextAsk(ReadBucket(ref reader)),
            (27, 2) => new ContextTell(ReadBucket(ref reader), Crdt.DotContext.Read(ref reader)),
            (28, 2) => MajorityCodec.ReadAsk(ref reader),
            (29, 2) => MajorityCodec.ReadVotes(ref reader),
            (40, 1) when !isPart => ReadBatch(ref reader),
            (30, 2) => new LeaseExtended(ReadUntil(ref reader), ReadAttempts(ref reader)),
            (34, 1) => new ClockAsk(reader.ReadInt64()),
            (35, 3) => new ClockTell(reader.ReadInt64(), ReadWallMs(ref reader), reader.ReadBoolean()),
            (36, 1) => new ClockOff(ReadWallMs(ref reader)),
            (37, 1) => new ClockAhead(ReadWallMs(ref reader)),
            _ => throw new MessagePackSerializationException("No message of this version."),
        };
    }

    private static void WriteBatch(ref MessagePackWriter writer, PeerBatch batch)
    {
        writer.WriteArrayHeader(batch.Messages.Count);
        foreach (var message in batch.Messages) Write(ref writer, message);
    }

    private static PeerBatch ReadBatch(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        Expect(count is > 1 and <= PeerBatch.CountMax);
        var messages = new List<PeerMessage>(count);
        for (; count > 0; count--)
        {
            messages.Add(Read(ref reader, isPart: true));
            Expect(PeerBatch.IsPart(messages[^1]));
        }

        return new PeerBatch(messages);
    }

    private static Dispatch ReadDispatch(ref MessagePackReader reader) =>
        new(ReadAttempt(ref reader), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadInt64(), ReadText(ref reader), ReadBytes(ref reader), ReadDuration(ref reader)) { TaskName = ReadText(ref reader) };

    private static long ReadUntil(ref MessagePackReader reader)
    {
        var untilMs = reader.ReadInt64();
        Expect(untilMs > 0);
        return untilMs;
    }

    // Far beyond any clock, and sums of two do not overflow.
    private static long ReadWallMs(ref MessagePackReader reader) =>
        reader.ReadInt64() is > -(1L << 50) and < 1L << 50 and var ms ? ms : throw new MessagePackSerializationException("No time.");

    private static void Head(ref MessagePackWriter writer, byte type, int fields)
    {
        writer.WriteArrayHeader(fields + 1);
        writer.Write(type);
    }

    private static void WriteFrames(ref MessagePackWriter writer, IReadOnlyList<DeltaFrame> frames)
    {
        writer.WriteArrayHeader(frames.Count);
        foreach (var frame in frames) DeltaFrameCodec.Write(ref writer, frame);
    }

    private static List<DeltaFrame> ReadFrames(ref MessagePackReader reader)
    {
        var left = reader.ReadArrayHeader();
        var frames = new List<DeltaFrame>(Math.Min(left, FramesAtFirst));
        for (; left > 0; left--) frames.Add(DeltaFrameCodec.Read(ref reader));
        return frames;
    }

    private static void WriteRumours(ref MessagePackWriter writer, IReadOnlyList<Rumour> rumours)
    {
        writer.WriteArrayHeader(rumours.Count * 2);
        foreach (var rumour in rumours)
        {
            writer.Write(rumour.Origin.Value);
            DeltaFrameCodec.Write(ref writer, rumour.Frame);
        }
    }

    private static List<Rumour> ReadRumours(ref MessagePackReader reader)
    {
        var rumours = new List<Rumour>();
        for (var left = reader.ReadArrayHeader() / 2; left > 0; left--) rumours.Add(new Rumour(new NodeId(reader.ReadUInt64()), DeltaFrameCodec.Read(ref reader)));
        return rumours;
    }

    private static void WriteDigests(ref MessagePackWriter writer, IReadOnlyList<BucketDigest> digests)
    {
        writer.WriteArrayHeader(digests.Count * 2);
        foreach (var digest in digests) { writer.Write(digest.Bucket); writer.Write(digest.Digest); }
    }

    private static RepairDigests ReadDigestsOf(ref MessagePackReader reader, int fields)
    {
        var digests = new RepairDigests(reader.ReadInt64(), reader.ReadBoolean(), ReadDigests(ref reader), reader.ReadUInt64(), reader.ReadInt64());
        return fields == 5 ? digests : digests with { Newest = reader.ReadUInt64() };
    }

    private static List<BucketDigest> ReadDigests(ref MessagePackReader reader)
    {
        var digests = new List<BucketDigest>();
        for (var left = reader.ReadArrayHeader() / 2; left > 0; left--) digests.Add(new BucketDigest(ReadBucket(ref reader), reader.ReadUInt64()));
        return digests;
    }

    internal static void WriteAttempt(ref MessagePackWriter writer, AttemptId attempt)
    {
        writer.WriteArrayHeader(6);
        writer.Write(attempt.Workflow.Place);
        writer.Write(attempt.Workflow.Content);
        writer.Write(attempt.Task);
        writer.Write(attempt.Generation);
        writer.Write(attempt.Attempt);
        writer.Write(attempt.Token);
    }

    internal static AttemptId ReadAttempt(ref MessagePackReader reader)
    {
        Expect(reader.ReadArrayHeader() == 6);
        var workflow = new WorkflowId(reader.ReadUInt64(), reader.ReadUInt64());
        var attempt = new AttemptId(workflow, reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadUInt64());
        Expect(attempt is { Task: >= 0, Generation: >= 0, Attempt: > 0 });
        return attempt;
    }

    private static void WriteAttempts(ref MessagePackWriter writer, IReadOnlyList<AttemptId> attempts)
    {
        writer.WriteArrayHeader(attempts.Count);
        foreach (var attempt in attempts) WriteAttempt(ref writer, attempt);
    }

    private static List<AttemptId> ReadAttempts(ref MessagePackReader reader)
    {
        var attempts = new List<AttemptId>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--) attempts.Add(ReadAttempt(ref reader));
        return attempts;
    }

    private static void WriteOutcome(ref MessagePackWriter writer, AttemptOutcome outcome)
    {
        // Left out where it says nothing: nodes of earlier versions read seven.
        writer.WriteArrayHeader(outcome.RetryAfterMs == 0 ? 7 : 8);
        writer.Write((byte)outcome.Kind);
        writer.Write(outcome.Output.Span);
        writer.Write(outcome.ErrorCode);
        writer.Write(outcome.ErrorMessage);
        writer.Write(outcome.Retryable);
        writer.Write(outcome.StartedUnixMs);
        writer.Write(outcome.FinishedUnixMs);
        if (outcome.RetryAfterMs != 0) writer.Write(outcome.RetryAfterMs);
    }

    private static AttemptOutcome ReadOutcome(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        Expect(fields is 7 or 8);
        var kind = (AttemptOutcomeKind)reader.ReadByte();
        Expect(kind is >= AttemptOutcomeKind.Succeeded and <= AttemptOutcomeKind.Stopped);
        var outcome = new AttemptOutcome(
            kind, ReadBytes(ref reader), ReadText(ref reader), ReadText(ref reader), reader.ReadBoolean(), reader.ReadInt64(), reader.ReadInt64());
        if (fields == 7) return outcome;
        var retryAfterMs = reader.ReadInt64();
        Expect(retryAfterMs > 0);
        return outcome with { RetryAfterMs = retryAfterMs };
    }

    internal static int ReadBucket(ref MessagePackReader reader)
    {
        var bucket = reader.ReadInt32();
        Expect(bucket is >= 0 and < Ring.Buckets.CountOfAll);
        return bucket;
    }

    private static TimeSpan ReadDuration(ref MessagePackReader reader)
    {
        var ticks = reader.ReadInt64();
        Expect(ticks is > 0 and <= TimeSpan.TicksPerDay * 366);
        return new TimeSpan(ticks);
    }

    private static string ReadText(ref MessagePackReader reader) => reader.ReadString() ?? "";

    private static byte[] ReadBytes(ref MessagePackReader reader)
    {
        var bytes = reader.ReadBytes();
        Expect(bytes is not null);
        return bytes!.Value.ToArray();
    }

    private static void Expect(bool condition)
    {
        if (!condition) throw new MessagePackSerializationException("Not a message.");
    }
}
