using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;

namespace Swim.Core.Scheduling;

/// <summary>
/// A planner's account of the slots that executors granted it, and per executor one first-in-first-out queue of ready tasks that
/// wait for one: soft offers, recorded nowhere else. A claim is written only against a credit in hand.
/// </summary>
public sealed class CreditBook
{
    /// <summary>Credits kept in hand on this node itself, so that a task that becomes ready starts in the same batch.</summary>
    public const int LocalReserve = 8;

    /// <summary>Credits kept in hand on an executor used within the last second.</summary>
    public const int RemoteReserve = 2;

    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMilliseconds(500);

    // Few executors, and looked through with each input: a list gives its entries without an enumerator.
    private readonly SortedList<NodeId, Account> _accounts = [];

    /// <summary>Tasks that wait for a slot.</summary>
    public int Waiting => _accounts.Values.Sum(static account => account.Queue.Count);

    /// <summary>Begins to keep credits of <paramref name="executor"/> in hand.</summary>
    public void Reserve(NodeId executor, ulong epoch) => Open(executor, epoch);

    /// <summary>True when a credit of <paramref name="executor"/> is in hand; it counts as used lately, since one is wanted.</summary>
    public bool Has(Now now, NodeId executor, ulong epoch)
    {
        var account = Open(executor, epoch);
        account.LastUseTicks = now.Ticks;
        return account.Available > 0;
    }

    /// <summary>Takes a credit of <paramref name="executor"/>; gives the count of used ones, this one included, or 0 when there is none.</summary>
    public long TryUse(Now now, NodeId executor, ulong epoch)
    {
        var account = Open(executor, epoch);
        account.LastUseTicks = now.Ticks;
        return account.Available > 0 ? ++account.Used : 0;
    }

    /// <summary>Sets a credit of <paramref name="executor"/> aside, to be used or let go later; false when there is none.</summary>
    public bool TryHold(Now now, NodeId executor, ulong epoch)
    {
        var account = Open(executor, epoch);
        account.LastUseTicks = now.Ticks;
        if (account.Available <= 0) return false;
        account.Held++;
        return true;
    }

    /// <summary>Takes a credit that was set aside; as <see cref="TryUse"/>.</summary>
    public long UseHeld(Now now, NodeId executor, ulong epoch)
    {
        Unhold(executor, epoch);
        return TryUse(now, executor, epoch);
    }

    /// <summary>A credit that was set aside is free again; nothing where its account has ended.</summary>
    public void Unhold(NodeId executor, ulong epoch)
    {
        if (_accounts.TryGetValue(executor, out var account) && account.Epoch == epoch) account.Held = Math.Max(0, account.Held - 1);
    }

    /// <summary>Where a task waits: for whose slot, and behind how many others; null when it waits for none.</summary>
    public (NodeId Executor, int Before)? PlaceOf(WorkflowId workflow, int task)
    {
        foreach (var (executor, account) in _accounts)
        {
            if (!account.Queued.Contains((workflow, task))) continue;
            return (executor, account.Queue.TakeWhile(waiting => waiting != (workflow, task)).Count());
        }

        return null;
    }

    /// <summary>Puts a ready task in the executor's queue, once.</summary>
    public void Enqueue(NodeId executor, ulong epoch, WorkflowId workflow, int task)
    {
        var account = Open(executor, epoch);
        if (account.Queued.Add((workflow, task))) account.Queue.Enqueue((workflow, task));
    }

    /// <summary>Takes the next waiting task of an executor that has a credit in hand.</summary>
    public (WorkflowId Workflow, int Task)? NextRunnable()
    {
        for (var at = 0; at < _accounts.Count; at++)
        {
            var account = _accounts.GetValueAtIndex(at);
            if (account.Available <= 0 || !account.Queue.TryDequeue(out var next)) continue;
            account.Queued.Remove(next);
            return next;
        }

        return null;
    }

    /// <summary>Takes in an executor's grant.</summary>
    public void OnGrant(NodeId executor, ulong plannerEpoch, CreditGrant grant)
    {
        if (grant.PlannerEpoch != plannerEpoch) return;
        if (!_accounts.TryGetValue(executor, out var account) || account.Epoch != grant.ExecutorEpoch) return;
        account.Granted = Math.Max(account.Granted, grant.Granted);
        if (!grant.Recall) return;
        account.Returned += Math.Max(0, account.Available - account.Queue.Count);
        // Also where there is nothing to give back: what the executor takes for outstanding may be a word of ours that was lost.
        account.MustTell = true;
    }

    /// <summary>
    /// Gives the workflows of tasks that waited for an executor that cannot be used now, to be placed anew. An account ends only with
    /// the executor's epoch: counters that began anew within it would not fit those that the executor keeps.
    /// </summary>
    public List<WorkflowId> Keep(Placement placement)
    {
        var orphans = new List<WorkflowId>();
        foreach (var (executor, account) in _accounts.ToList())
        {
            var isSame = placement.EpochOf(executor) == account.Epoch;
            if (!isSame || !placement.CanRun(executor)) orphans.AddRange(account.TakeWaiting());
            if (!isSame) _accounts.Remove(executor);
        }

        return orphans;
    }

    /// <summary>Tells executors what is wanted, where that changed or was said too long ago.</summary>
    public void Tell(Now now, Placement placement, Outbox outbox)
    {
        for (var at = 0; at < _accounts.Count; at++)
        {
            var (executor, account) = (_accounts.GetKeyAtIndex(at), _accounts.GetValueAtIndex(at));
            if (placement.IsDown(executor)) continue;
            var (demand, reserve) = (account.Queue.Count, ReserveOf(now, executor, account, placement.Self));
            var wanted = demand + reserve;
            if (account.Available > wanted && now.Since(account.LastUseTicks) > IdleAfter) account.Returned += account.Available - wanted;
            var said = (demand, reserve, account.Returned);
            var isStale = (wanted > account.Available || account.Available > 0) && now.Since(account.LastSaidTicks) >= RefreshPeriod;
            if (said == account.Said && !isStale && !account.MustTell) continue;
            account.MustTell = false;
            account.Said = said;
            account.LastSaidTicks = now.Ticks;
            outbox.Add(new SendToPeer(executor, new CreditDemand(placement.Epoch, account.Epoch, demand, reserve, account.Used, account.Returned)));
        }
    }

    private static int ReserveOf(Now now, NodeId executor, Account account, NodeId self)
    {
        if (executor == self) return LocalReserve;
        return now.Since(account.LastUseTicks) <= IdleAfter ? RemoteReserve : 0;
    }

    private Account Open(NodeId executor, ulong epoch)
    {
        if (_accounts.TryGetValue(executor, out var account) && account.Epoch == epoch) return account;
        return _accounts[executor] = new Account(epoch);
    }

    private sealed class Account(ulong epoch)
    {
        public ulong Epoch => epoch;
        public long Granted { get; set; }
        public long Used { get; set; }
        public long Returned { get; set; }
        public int Held { get; set; }
        public int Available => (int)(Granted - Used - Returned) - Held;
        public long LastUseTicks { get; set; }
        public long LastSaidTicks { get; set; }
        public bool MustTell { get; set; }
        public (int Demand, int Reserve, long Returned) Said { get; set; }
        public Queue<(WorkflowId Workflow, int Task)> Queue { get; } = new();
        public HashSet<(WorkflowId Workflow, int Task)> Queued { get; } = [];

        public List<WorkflowId> TakeWaiting()
        {
            List<WorkflowId> waiting = [.. Queue.Select(static waiting => waiting.Workflow)];
            Queue.Clear();
            Queued.Clear();
            return waiting;
        }
    }
}
