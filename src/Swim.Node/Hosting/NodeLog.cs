using Microsoft.Extensions.Logging;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Node.Transport.Sealing;

namespace Swim.Node.Hosting;

/// <summary>The node's log: what cores notify, and what the host meets. What happens to workflows is in <see cref="WorkLog"/>.</summary>
internal sealed partial class NodeLog(ILogger logger)
{
    /// <summary>The lines about workflows and their tasks.</summary>
    public WorkLog Work { get; } = new(logger);

    /// <summary>Something a core wants the operator to know.</summary>
    public void Notice(Notice notice)
    {
        switch (notice)
        {
            case TaskClaimed m: Work.Claimed(m.Workflow, m.Task, m.Attempt, m.Executor, (long)m.Waited.TotalMilliseconds); break;
            case TaskMoved { State: TaskState.RetryWait } m: Work.WillRetry(m.Workflow, m.Task, m.Attempt, m.Executor, m.ErrorCode); break;
            case TaskMoved { State: TaskState.Failed } m: Work.Failed(m.Workflow, m.Task, m.Attempt, m.Executor, m.ErrorCode); break;
            case TaskMoved m: Work.Moved(m.Workflow, m.Task, m.Attempt, m.State, m.Executor); break;
            case AttemptLost m: Work.Lost(m.Workflow, m.Task, m.Attempt, m.Executor); break;
            case KeyYielded m: Work.Yielded(m.Workflow, m.Holder); break;
            case WinnerFlipped m: Work.Flipped(m.Workflow, m.Task, m.Attempt, m.To, m.ToExecutor, m.From, m.FromExecutor); break;
            case WorkflowCollected m: Work.Collected(m.Workflow, m.State); break;
            case WorkflowRefused m: Work.BelowFloor(m.Workflow, m.From); break;
            case WorkflowSetAside m: Work.SetAside(m.Workflow); break;
            case FloorLagging m: FloorLags((long)m.Lag.TotalSeconds); break;
            case ManyWriters m: ManyWriters(m.Writers, m.Bucket); break;
            case HandoffWaits m: HandoffWaits(m.Buckets, m.For.ToString()); break;
            case WorkflowEnded m: Work.Ended(m.State == WorkflowState.Succeeded ? LogLevel.Debug : LogLevel.Information, m.Workflow, m.State); break;
            case CellsLost m: LostAndFound(m.Cells, m.Workflows); break;
            case ClockIsOff { ByMs: 0 }: ClockRight(); break;
            case ClockIsOff m: ClockOff(m.ByMs); break;
            case RollbackDetected m: DiskSetBack(m.Teller); break;
            case StampRefused m: StampRefused(m.By, m.AheadMs); break;
            case UdpBroken m: UdpBroken(m.Name, m.Id, m.Way); break;
            case UdpWorks m: UdpWorks(m.Name, m.Id); break;
            default: Noticed(notice); break;
        }
    }

    [LoggerMessage(1000, LogLevel.Information, "Node {Id} ({Name}) listens for gRPC on {Grpc}, HTTP on {Http}, UDP on {Udp}; epoch {Epoch}, {Records} records recovered")]
    public partial void Started(string id, string name, int grpc, int http, int udp, ulong epoch, long records);

    [LoggerMessage(1001, LogLevel.Information, "{Notice}")]
    public partial void Noticed(Notice notice);

    [LoggerMessage(1002, LogLevel.Warning, "The log ended in a torn write: {Bytes} bytes at {Offset} of {File} were dropped")]
    public partial void TornTail(long bytes, long offset, string? file);

    [LoggerMessage(1003, LogLevel.Critical, "The node stops: {Reason}")]
    public partial void Fatal(string reason, Exception failure);

    [LoggerMessage(1004, LogLevel.Error, "The disk is full: new work waits until there is space")]
    public partial void DiskFull();

    [LoggerMessage(1005, LogLevel.Information, "The disk has space again")]
    public partial void DiskHasSpace();

    [LoggerMessage(1006, LogLevel.Warning, "Listening on {Address} without TLS: whoever reaches it may use the cluster")]
    public partial void Insecure(string address);

    [LoggerMessage(1007, LogLevel.Error, "{Buckets} buckets of the checkpoint cannot be read: the other owners are asked for them, and the damaged file is kept")]
    public partial void DamagedState(int buckets);

    [LoggerMessage(1009, LogLevel.Error, "Records {First} to {Last} of the log cannot be read: {Bytes} bytes at {Offset} of {File}; in doubt: {Buckets}. The other owners are asked, a copy of the file is kept")]
    public partial void DamagedLog(long first, long last, long bytes, long offset, string file, string buckets);

    [LoggerMessage(1010, LogLevel.Warning, "{Buckets} buckets held here for {Node} wait until it is back: it is down")]
    public partial void HandoffWaits(int buckets, string node);

    [LoggerMessage(1014, LogLevel.Error, "The clock is {ByMs} ms ahead of the others' (behind where negative): this node originates nothing until it is set right")]
    public partial void ClockOff(long byMs);

    [LoggerMessage(1015, LogLevel.Information, "The clock is right again")]
    public partial void ClockRight();

    [LoggerMessage(1016, LogLevel.Error, "Node {By} refuses what this node wrote: its stamp is {AheadMs} ms ahead of that node's clock")]
    public partial void StampRefused(Swim.Core.Primitives.NodeId by, long aheadMs);

    [LoggerMessage(1017, LogLevel.Error, "Node {Teller} has seen writes of this node that are not on this disk: it was wiped or set back, as from a backup. This node writes under a new id and takes from the others what it lacks")]
    public partial void DiskSetBack(Swim.Core.Primitives.NodeId teller);

    [LoggerMessage(1023, LogLevel.Information, "Packets of membership are sealed with key {Primary}; {Keys} keys open them")]
    public partial void Sealing(int keys, string primary);

    /// <summary>The keys were changed while the node ran.</summary>
    public void KeysChanged(KeyRing ring, bool isSaved)
    {
        KeysChanged(ring.Keys.Count, ring.Primary.Fingerprint);
        if (!isSaved) KeysNotSaved();
    }

    [LoggerMessage(1024, LogLevel.Information, "The keys were changed: packets of membership are sealed with key {Primary}; {Keys} keys open them")]
    private partial void KeysChanged(int keys, string primary);

    [LoggerMessage(1025, LogLevel.Warning, "The file of keys cannot be written: after a restart this node has the keys of before")]
    private partial void KeysNotSaved();

    [LoggerMessage(1026, LogLevel.Warning, "{Name} ({Member}) answers, but not by UDP: packets between it and this node are dropped somewhere, perhaps in one direction only. Its last answer came by way of {Way}")]
    private partial void UdpBroken(string name, Swim.Core.Primitives.NodeId member, ReachWay way);

    [LoggerMessage(1027, LogLevel.Information, "{Name} ({Member}) answers by UDP again")]
    private partial void UdpWorks(string name, Swim.Core.Primitives.NodeId member);

    [LoggerMessage(1008, LogLevel.Warning, "No space for a checkpoint: the one before it stands, and the log goes on growing")]
    public partial void CheckpointGivenUp();

    [LoggerMessage(1133, LogLevel.Warning, "Nothing can be forgotten: some member was not heard of for {LagSeconds} s. Bring it back, or let it leave")]
    public partial void FloorLags(long lagSeconds);

    [LoggerMessage(1134, LogLevel.Warning, "{Writers} writer ids have an entry in bucket {Bucket}, and with 64 nobody begins another: some member that is down keeps old entries from going. Bring it back, or let it leave")]
    public partial void ManyWriters(int writers, int bucket);

    [LoggerMessage(1020, LogLevel.Critical, "This node was removed from its cluster, as it was up to its start number {Epoch}: its state is put aside, and it starts anew")]
    public partial void Removed(ulong epoch);

    [LoggerMessage(1021, LogLevel.Error, "Lost and found: {Cells} cells of {Workflows} workflows that this node held before it was removed have been seen by no owner in reach; they stay on its disk in the files aside-*")]
    public partial void LostAndFound(int cells, int workflows);

    [LoggerMessage(1022, LogLevel.Error, "{Logs} logs that were put aside when this node was removed cannot be read; they stay where they are")]
    public partial void AsideUnreadable(int logs);
}
