using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;
using TaskStatus = Swim.Core.Crdt.TaskStatus;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class TaskStatusLaws() : LatticeLaws<TaskStatus?>(Lattice)
{
    private static readonly TaskState[] Written =
        [TaskState.Claimed, TaskState.Running, TaskState.RetryWait, TaskState.Succeeded, TaskState.Failed, TaskState.Cancelled];

    // Null is the task of which nothing was written yet. Few generations, attempts, stamps and nodes, so that every tie is met.
    private static readonly Lattice<TaskStatus?> Lattice = new(
        () => null,
        Join,
        (state, step, index) =>
        {
            var delta = new TaskStatus(step.Choice % 5 / 4, Written[(step.Choice + index) % Written.Length], 1 + (index % 2), new HlcTimestamp((ulong)step.Choice / 4), new NodeId((ulong)step.Replica + 1), TaskStatusDetail.Empty);
            return (Join(state, delta), delta);
        },
        Encode,
        bytes => bytes.Length == 0 ? null : Encoding.Read(bytes[16..], (ref MessagePackReader reader) => TaskStatusCodec.Read(ref reader, StampIn(bytes), NodeIn(bytes))),
        Equals);

    [Property]
    public bool What_succeeded_stays_so_within_its_generation(History history) => Run<TaskStatus?>.Of(Lattice, history).Mutations.All(static mutation =>
        mutation.Before is not { State: TaskState.Succeeded } before || mutation.After!.Generation > before.Generation || mutation.After.State == TaskState.Succeeded);

    // The last tie-break are the bytes, as in the cell.
    private static TaskStatus? Join(TaskStatus? left, TaskStatus? right)
    {
        if (left is null || right is null) return left ?? right;
        var order = left.CompareTo(right);
        if (order == 0) order = Encode(left).AsSpan().SequenceCompareTo(Encode(right));
        return order >= 0 ? left : right;
    }

    private static byte[] Encode(TaskStatus? status) => status is null
        ? []
        : [.. BitConverter.GetBytes(status.Stamp.Value), .. BitConverter.GetBytes(status.Node.Value), .. Encoding.Of((ref MessagePackWriter writer) => TaskStatusCodec.Write(ref writer, status))];

    private static HlcTimestamp StampIn(byte[] bytes) => new(BitConverter.ToUInt64(bytes));

    private static NodeId NodeIn(byte[] bytes) => new(BitConverter.ToUInt64(bytes, 8));
}
