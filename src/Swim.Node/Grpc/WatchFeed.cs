using System.Buffers.Binary;
using Google.Protobuf;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>
/// What one follower of one workflow is told: a snapshot, then deltas, each with a token that names all it has been told, so that it
/// can go on at any node. Never goes back: an owner that lags behind what was told is not believed until it has caught up.
/// </summary>
internal sealed class WatchFeed
{
    private Workflow? _told;

    /// <summary>Begins, or goes on from a token. Throws INVALID_ARGUMENT for bytes that are no token.</summary>
    public WatchFeed(ByteString token)
    {
        if (token.Length is not (0 or sizeof(ulong))) throw ApiErrors.Invalid("resume_token is none that a node gave: leave it empty to begin with a snapshot.");
        if (token.Length > 0) Known = BinaryPrimitives.ReadUInt64BigEndian(token.Span);
    }

    /// <summary>The <see cref="WorkflowView.Fingerprint"/> of what was told last; 0 before anything was.</summary>
    public ulong Known { get; private set; }

    /// <summary>True once the follower knows the end.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True when the last view was older than what was told.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>The event that <paramref name="view"/> makes; null when there is nothing new in it.</summary>
    public WatchWorkflowResponse? Next(WorkflowView view)
    {
        var hash = view.Fingerprint();
        var shown = ProtoMapping.ToProto(view);
        IsBehind = _told is not null && _told.Tasks.Zip(shown.Tasks).Any(static pair => IsOlder(pair.Second, pair.First));
        if (IsBehind) return null;
        HasEnded = view.State.IsTerminal();
        if (hash == Known) return null;
        var news = EventOf(shown);
        news.ResumeToken = TokenOf(hash);
        (_told, Known) = (shown, hash);
        return news;
    }

    private WatchWorkflowResponse EventOf(Workflow shown)
    {
        if (_told is null || _told.CreatedUnixMs != shown.CreatedUnixMs) return new WatchWorkflowResponse { Snapshot = shown };
        var delta = new WorkflowDelta
        {
            State = shown.State,
            OutputJson = shown.OutputJson,
            FinishedUnixMs = shown.FinishedUnixMs,
            Durable = shown.Durable,
            SupersededBy = shown.SupersededBy,
            Merges = shown.Merges,
        };
        delta.Tasks.AddRange(shown.Tasks.Zip(_told.Tasks).Where(static pair => !pair.First.Equals(pair.Second)).Select(static pair => pair.First));
        return new WatchWorkflowResponse { Delta = delta };
    }

    // By generation, then attempt, then how far it got; of two ends without success neither is older. SKIPPED says nothing of its own:
    // it follows from other tasks, and is undone with them.
    private static bool IsOlder(V1.Task one, V1.Task other) => one.Generation != other.Generation
        ? one.Generation < other.Generation
        : !IsSkipped(one) && !IsSkipped(other) && Progress(one).CompareTo(Progress(other)) < 0;

    private static bool IsSkipped(V1.Task task) => task.State == V1.TaskState.Skipped;

    private static (int Rank, int Attempt, int Step) Progress(V1.Task task) => task.State switch
    {
        V1.TaskState.Succeeded => (2, 0, 0),
        V1.TaskState.Failed or V1.TaskState.Cancelled => (1, 0, 0),
        _ => (0, task.Attempt, (int)task.State),
    };

    private static ByteString TokenOf(ulong hash)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, hash);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
