using Swim.Core.Primitives;

namespace Swim.Core.Scheduling;

/// <summary>
/// An executor's account of its slots: each free one is granted as a credit to one planner at a time, in turn. Both sides count
/// what was ever granted, used and given back, so a lost, doubled or late message is mended by the next.
/// </summary>
public sealed class SlotLedger(int slots)
{
    private readonly SortedDictionary<NodeId, Account> _accounts = [];
    private NodeId _lastServed;

    /// <summary>How many tasks may run at once.</summary>
    public int Slots => slots;

    /// <summary>Takes in what a planner says; a newer epoch of it starts a new account, an older one is ignored.</summary>
    public void OnDemand(NodeId planner, ulong plannerEpoch, int demand, long used, long returned)
    {
        if (Open(planner, plannerEpoch) is not { } account) return;
        account.Demand = Math.Clamp(demand, 0, slots);
        account.Used = Math.Max(account.Used, used);
        account.Returned = Math.Max(account.Returned, returned);
        account.Granted = Math.Max(account.Granted, account.Used + account.Returned);
        account.IsDirty = true;
    }

    /// <summary>A dispatch took one of the planner's credits.</summary>
    public void OnDispatch(NodeId planner, ulong plannerEpoch, long used)
    {
        if (Open(planner, plannerEpoch) is not { } account) return;
        account.Used = Math.Max(account.Used, used);
        account.Granted = Math.Max(account.Granted, account.Used + account.Returned);
    }

    /// <summary>Closes the accounts of planners that are gone: what they held is free again.</summary>
    public void Keep(Func<NodeId, bool> isLive)
    {
        foreach (var planner in _accounts.Keys.Where(planner => !isLive(planner)).ToList()) _accounts.Remove(planner);
    }

    /// <summary>
    /// Grants free slots in turn while someone wants one, and gives the accounts to tell: planner, its epoch, granted so far, and
    /// whether it should give back what it does not need.
    /// </summary>
    public IEnumerable<(NodeId Planner, ulong Epoch, long Granted, bool Recall)> Grant(int running)
    {
        var free = slots - running - (int)Math.Min(slots, _accounts.Values.Sum(static account => account.Outstanding));
        while (free > 0 && NextInTurn() is { } next)
        {
            next.Account.Granted++;
            next.Account.IsDirty = true;
            _lastServed = next.Planner;
            free--;
        }

        var someoneWaits = free <= 0 && _accounts.Values.Any(static account => account.Wants);
        return Tell(someoneWaits);
    }

    private List<(NodeId Planner, ulong Epoch, long Granted, bool Recall)> Tell(bool someoneWaits)
    {
        var told = new List<(NodeId, ulong, long, bool)>();
        foreach (var (planner, account) in _accounts)
        {
            var recall = someoneWaits && account.Outstanding > 0 && !account.Wants && !account.Recalled;
            if (!account.IsDirty && !recall) continue;
            account.IsDirty = false;
            account.Recalled = recall;
            told.Add((planner, account.Epoch, account.Granted, recall));
        }

        return told;
    }

    private (NodeId Planner, Account Account)? NextInTurn()
    {
        (NodeId, Account)? first = null;
        foreach (var (planner, account) in _accounts)
        {
            if (!account.Wants) continue;
            if (planner > _lastServed) return (planner, account);
            first ??= (planner, account);
        }

        return first;
    }

    private Account? Open(NodeId planner, ulong epoch)
    {
        if (_accounts.TryGetValue(planner, out var account) && account.Epoch >= epoch) return account.Epoch == epoch ? account : null;
        return _accounts[planner] = new Account(epoch);
    }

    private sealed class Account(ulong epoch)
    {
        public ulong Epoch => epoch;
        public int Demand { get; set; }
        public long Granted { get; set; }
        public long Used { get; set; }
        public long Returned { get; set; }
        public bool IsDirty { get; set; }
        public bool Recalled { get; set; }
        public long Outstanding => Granted - Used - Returned;
        public bool Wants => Demand > Outstanding;
    }
}
