using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Storage;

namespace Swim.Core.Replication;

/// <summary>Asks what the receiver has seen of a bucket.</summary>
public sealed record ContextAsk(int Bucket) : PeerMessage;

/// <summary>All that the sender has seen of a bucket; on its disk.</summary>
public sealed record ContextTell(int Bucket, DotContext Context) : PeerMessage;

/// <summary>
/// This node was removed and began anew; of what it held before, so much is held by no owner that can be reached. It takes part in
/// nothing and lies in the node's directory until others hold it or somebody deletes it.
/// </summary>
public sealed record CellsLost(int Cells, int Workflows) : Notice;

/// <summary>All that was put aside is held by others: its files may go.</summary>
public sealed record AsideCovered : Output;

/// <summary>
/// What a node held before it was removed (state.md 5, rule 4). Each bucket's home owners are asked for their contexts: what they have seen
/// they hold, or have forgotten for good reason. What none of them has seen stays here, is counted, and is asked about again, now and
/// then and whenever an owner is back. It is never merged: the cluster may have forgotten the workflows it tells of.
/// </summary>
internal sealed class LostAndFound(ReplicaState state)
{
    /// <summary>Buckets asked about at once.</summary>
    public const int AskedMax = 64;

    private static readonly TimeSpan AskPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AgainPeriod = TimeSpan.FromSeconds(30);
    private readonly CellStore _store = new(new HybridLogicalClock());
    private readonly SortedDictionary<int, Uncovered> _uncovered = [];
    private (int Cells, int Workflows) _told;
    private long _askDue, _againDue;

    /// <summary>How many cells no owner was found to have seen.</summary>
    public int CellCount => _uncovered.Values.Sum(static bucket => bucket.Cells.Count);

    /// <summary>Of how many workflows those are.</summary>
    public int WorkflowCount => _uncovered.Values.Sum(static bucket => bucket.Workflows);

    /// <summary>Takes in a log that was put aside; before <see cref="Begin"/>.</summary>
    public LogReceiver Receiver => new((_, record) => _store.Recover(record)) { OnMeta = _store.RecoverMeta, OnBlock = (_, block) => _store.RecoverBlock(block), OnDamagedBucket = _store.LoseBlock, OnAllDamaged = static () => { } };

    /// <summary>All logs were taken in.</summary>
    public void Begin()
    {
        foreach (var bucket in _store.WorkflowBuckets.Where(static bucket => bucket.CellCount > 0)) _uncovered[bucket.Number] = new Uncovered([.. bucket.Cells]);
    }

    /// <summary>Another node asks what this one has seen.</summary>
    public void OnAsk(NodeId from, ContextAsk ask) =>
        state.Send(from, new ContextTell(ask.Bucket, state.Store.Find(ask.Bucket)?.Context.Clone() ?? new DotContext()));

    /// <summary>An owner has seen so much.</summary>
    public void OnTell(NodeId from, ContextTell told)
    {
        if (!_uncovered.TryGetValue(told.Bucket, out var bucket) || !state.Placement.Map.IsHomeOwner(told.Bucket, from)) return;
        bucket.Told.Add(from);
        bucket.Cells.RemoveAll(cell => told.Context.Contains(cell.Dot));
        if (bucket.Cells.Count == 0) _uncovered.Remove(told.Bucket);
        if (_uncovered.Count == 0) state.Outbox.Add(new AsideCovered());
    }

    /// <summary>Time has passed.</summary>
    public void Tend()
    {
        if (_uncovered.Count == 0 || state.Now.Ticks < _askDue) return;
        _askDue = state.Now.After(AskPeriod);
        var asked = 0;
        foreach (var (number, bucket) in _uncovered)
        {
            var open = OthersOf(number).Where(owner => !bucket.Told.Contains(owner)).ToList();
            foreach (var owner in open) state.Send(owner, new ContextAsk(number));
            if (open.Count > 0 && ++asked == AskedMax) return;
        }

        if (asked > 0) return;
        TellOfLost();
        AskAgain();
    }

    // All that can be reached have answered.
    private void TellOfLost()
    {
        if ((CellCount, WorkflowCount) is var found && found == _told) return;
        _told = found;
        state.Outbox.Notify(new CellsLost(found.Item1, found.Item2));
    }

    private void AskAgain()
    {
        if (state.Now.Ticks < _againDue) return;
        _againDue = state.Now.After(AgainPeriod);
        foreach (var bucket in _uncovered.Values) bucket.Told.Clear();
    }

    private IEnumerable<NodeId> OthersOf(int bucket) =>
        state.Placement.Map.HomeOwners(bucket).ToArray().Where(owner => owner != state.Self && !state.Placement.IsDown(owner));

    private sealed class Uncovered(List<Cell> cells)
    {
        public List<Cell> Cells => cells;
        public SortedSet<NodeId> Told { get; } = [];
        public int Workflows => cells.Select(static cell => cell.Key.Workflow).Distinct().Count();
    }
}
