using Swim.Core.Primitives;
using Swim.Core.Replication;

namespace Swim.Core.Scheduling;

/// <summary>
/// An executor's account of its slots: each free one is granted as a credit to one planner at a time, in turn. Both sides count
/// what was ever granted, used and given back, so a lost, doubled or late message is mended by the next.
/// </summary>
public sealed class SlotLedger(int slots)
{
    private readonly SortedDictionary<NodeId, Account> _accounts = [];
    private NodeId _lastServed;

    /// <summary>True while nothing is granted and everything is recalled.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>How many tasks may run at once.</summary>
    public int Slots => slots;

    /// <summary>Credits granted that were neither used nor given back.</summary>
    public long Outstanding => _accounts.Values.Sum(static account => account.Outstanding);

    /// <summary>Takes in what a planner says; a newer epoch of it starts a new account, an older one is ignored.</summary>
    public void OnDemand(NodeId planner, CreditDemand demand)
    {
        if (Open(planner, demand.PlannerEpoch) is not { } account) return;
        account.Demand = Math.Clamp(demand.Demand, 0, slots);
        account.Reserve = Math.Clamp(demand.Reserve, 0, slots);
        account.Used = Math.Max(account.Used, demand.Used);
        account.Returned = Math.Max(account.Returned, demand.Returned);
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

    /// <summary>Closes the accounts of planners that are gone, or gone and back with a new epoch: what they held is free again.</summary>
    public void Keep(Placement placement)
    {
        foreach (var (planner, account) in _accounts.ToList())
        {
            if (placement.IsDown(planner) || placement.EpochOf(planner) > account.Epoch) _accounts.Remove(planner);
        }
    }

    /// <summary>
    /// Grants free slots in turn, to those that need one before those that would like one in reserve, and gives the accounts to tell: planner, its epoch, granted so far, and
    /// whether it should give back what it does not need.
    /// </summary>
    public IEnumerable<(NodeId Planner, ulong Epoch, long Granted, bool Recall)> Grant(int running)
    {
        if (IsClosed) return Tell(recall: true);
        var free = slots - running - (Planted.Is(Mutant.CreditsTwice) ? 0 : (int)Math.Min(slots, Outstanding));
        while (free > 0 && (NextInTurn(static account => account.Needs) ?? NextInTurn(static account => account.Wishes)) is { } next)
        {
            next.Account.Granted++;
            next.Account.IsDirty = true;
            _lastServed = next.Planner;
            free--;
        }

        return Tell(free <= 0 && _accounts.Values.Any(static account => account.Needs));
    }

    /// <summary>Grants nothing from now on and asks for all credits back, or grants again.</summary>
    public void Close(bool isClosed)
    {
        IsClosed = isClosed;
        RecallAgain();
    }

    /// <summary>Lets what was recalled be recalled again: the word or the answer may have been lost. For a timer.</summary>
    public void RecallAgain()
    {
        foreach (var account in _accounts.Values) account.Recalled = false;
    }

    // Recalls only for somebody in need, or when closed: two that both like a reserve would else take it from each other for ever. From whoever holds one,
    // since what is known of its demand may be old: a planner gives back what it has no task for, and says how it stands.
    private List<(NodeId Planner, ulong Epoch, long Granted, bool Recall)> Tell(bool recall)
    {
        var told = new List<(NodeId, ulong, long, bool)>();
        foreach (var (planner, account) in _accounts)
        {
            var isRecalled = recall && account.Outstanding > 0 && !account.Recalled;
            if (!account.IsDirty && !isRecalled) continue;
            account.IsDirty = false;
            account.Recalled = isRecalled;
            told.Add((planner, account.Epoch, account.Granted, isRecalled));
        }

        return told;
    }

    private (NodeId Planner, Account Account)? NextInTurn(Func<Account, bool> wants)
    {
        (NodeId, Account)? first = null;
        foreach (var (planner, account) in _accounts)
        {
            if (!wants(account)) continue;
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
        public int Reserve { get; set; }
        public long Granted { get; set; }
        public long Used { get; set; }
        public long Returned { get; set; }
        public bool IsDirty { get; set; }
        public bool Recalled { get; set; }
        public long Outstanding => Granted - Used - Returned;
        public bool Needs => Demand > Outstanding;
        public bool Wishes => Demand + Reserve > Outstanding;
    }
}
