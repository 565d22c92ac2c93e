using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;
using TaskStatus = Swim.Core.Crdt.TaskStatus;

namespace Swim.Core.Tests.Crdt;

/// <summary>The order of task statuses (state.md section 2), over few values so that every tie is met.</summary>
[Properties(Arbitrary = [typeof(TaskStatusProperties)], MaxTest = 2_000, QuietOnSuccess = true)]
public sealed class TaskStatusProperties
{
    private static readonly TaskState[] Written =
        [TaskState.Pending, TaskState.Claimed, TaskState.Running, TaskState.RetryWait, TaskState.Succeeded, TaskState.Failed, TaskState.Cancelled];

    public static Arbitrary<TaskStatus> Statuses() => Arb.From(
        from generation in Gen.Choose(0, 1)
        from state in Gen.Elements(Written)
        from attempt in Gen.Choose(0, 2)
        from stamp in Gen.Choose(1, 3)
        from node in Gen.Choose(1, 2)
        select new TaskStatus(generation, state, attempt, new HlcTimestamp((ulong)stamp), new NodeId((ulong)node), TaskStatusDetail.Empty));

    [Property]
    public bool The_order_is_antisymmetric(TaskStatus a, TaskStatus b) => Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a));

    [Property]
    public bool The_order_is_transitive(TaskStatus a, TaskStatus b, TaskStatus c)
    {
        var sorted = new[] { a, b, c }.Order().ToArray();
        return sorted[0] <= sorted[1] && sorted[1] <= sorted[2] && sorted[0] <= sorted[2];
    }

    // FAILED and CANCELLED share a rank; two that agree in all else cannot both be written by one node at one stamp.
    [Property]
    public bool Only_equal_statuses_compare_as_equal(TaskStatus a, TaskStatus b) =>
        a.CompareTo(b) != 0 || a == b || (a.Rank == 1 && a == b with { State = a.State });

    [Property]
    public bool Terminal_is_sticky_within_a_generation(TaskStatus terminal, TaskStatus open) =>
        terminal.Rank == 0 || open.Rank > 0 || open.Generation > terminal.Generation || terminal > open;

    [Property]
    public bool Success_outranks_every_other_outcome_of_its_generation(TaskStatus success, TaskStatus other) =>
        success.State != TaskState.Succeeded || other.State == TaskState.Succeeded || other.Generation > success.Generation || success > other;

    [Property]
    public bool Among_equal_outcomes_the_first_committer_wins(TaskStatus first, TaskStatus later) =>
        first.Rank == 0 || first.Rank != later.Rank || first.Generation != later.Generation || first.Stamp >= later.Stamp || first > later;

    [Property]
    public bool A_newer_attempt_outranks_every_open_state_of_an_older_one(TaskStatus older, TaskStatus newer) =>
        older.Rank > 0 || newer.Rank > 0 || older.Generation != newer.Generation || older.Attempt >= newer.Attempt || newer > older;

    [Property]
    public bool A_new_generation_outranks_everything_before(TaskStatus before, TaskStatus after) =>
        before.Generation >= after.Generation || after > before;

    [Property]
    public bool Bytes_read_back_to_the_same_status(TaskStatus status, string? code, bool isRetryable, long retryAt, ulong actor, ulong seq)
    {
        // Text is UTF-8 on the wire, which has no lone surrogates.
        var text = string.Concat((code ?? "").Where(character => !char.IsSurrogate(character)));
        var full = status with
        {
            Detail = new TaskStatusDetail(new NodeId(actor), seq, new Dot(seq, actor), text, "", isRetryable, retryAt, 0),
        };
        var bytes = Encoding.Of((ref MessagePackWriter writer) => TaskStatusCodec.Write(ref writer, full));
        var read = Encoding.Read(bytes, (ref MessagePackReader reader) => TaskStatusCodec.Read(ref reader, full.Stamp, full.Node));
        return read == full && Encoding.Of((ref MessagePackWriter writer) => TaskStatusCodec.Write(ref writer, read)).AsSpan().SequenceEqual(bytes);
    }
}
