using Swim.Core.Primitives;
using Swim.Core.Ring;

namespace Swim.Core.Replication;

/// <summary>One list being gathered: what came, whom is waited for, and what nobody answered yet.</summary>
internal sealed class Gathering(long commandId, ListCommand list, long begunTicks)
{
    private readonly SortedDictionary<long, Question> _asked = [];
    private readonly int[] _tries = new int[Buckets.Count];
    private List<WorkflowSummary> _page = [];
    private bool _hasMore;

    public long CommandId => commandId;

    public ListCommand List => list;

    public long BegunTicks => begunTicks;

    /// <summary>The buckets to ask for next.</summary>
    public BucketSet Open { get; private set; } = list.Buckets;

    public bool IsDone => Open.IsEmpty && _asked.Count == 0;

    public IEnumerable<long> Requests => _asked.Keys;

    /// <summary>Takes the open buckets and gives them to an acting owner each: the next one where it was tried before. What has none stays open.</summary>
    public SortedDictionary<NodeId, BucketSet> Share(Placement placement)
    {
        var shares = new SortedDictionary<NodeId, BucketSet>();
        var ownerless = new BucketSet();
        foreach (var bucket in Open.Members)
        {
            var owners = placement.ActingOwners(bucket);
            if (owners.Length == 0)
            {
                ownerless.Add(bucket);
                continue;
            }

            var owner = owners[_tries[bucket]++ % owners.Length];
            if (!shares.TryGetValue(owner, out var share)) shares[owner] = share = new BucketSet();
            share.Add(bucket);
        }

        Open = ownerless;
        return shares;
    }

    public void Asked(long request, NodeId node, BucketSet share, long nowTicks) => _asked[request] = new Question(node, share, nowTicks);

    /// <summary>Takes an answer in; false unless it is the answer of the node that was asked.</summary>
    public bool Take(long request, NodeId from, Listed answer)
    {
        if (!_asked.TryGetValue(request, out var question) || question.Node != from) return false;
        _asked.Remove(request);
        var all = _page.Concat(answer.Workflows.Where(summary => summary.Place > list.After)).DistinctBy(static summary => summary.Place).OrderBy(static summary => summary.Place).ToList();
        _hasMore |= answer.HasMore || all.Count > list.Limit;
        _page = [.. all.Take(list.Limit)];
        Reopen(question.Share.Members.Where(answer.Missing.Contains));
        return true;
    }

    /// <summary>Opens again what was asked before <paramref name="ticks"/> without an answer; gives the requests to forget.</summary>
    public List<long> Expire(long ticks)
    {
        var late = _asked.Where(asked => asked.Value.Ticks <= ticks).ToList();
        foreach (var (request, question) in late)
        {
            _asked.Remove(request);
            Reopen(question.Share.Members);
        }

        return [.. late.Select(static asked => asked.Key)];
    }

    /// <summary>What was gathered. A bucket whose home owners are all down counts as missing: who stands in need not know what they held.</summary>
    public Listed Result(Placement placement)
    {
        var missing = new BucketSet();
        foreach (var bucket in Open.Members.Concat(_asked.Values.SelectMany(static question => question.Share.Members))) missing.Add(bucket);
        foreach (var bucket in list.Buckets.Members.Where(placement.IsOrphan)) missing.Add(bucket);
        return new Listed(_page, _hasMore, missing);
    }

    private void Reopen(IEnumerable<int> buckets)
    {
        foreach (var bucket in buckets) Open.Add(bucket);
    }

    private sealed record Question(NodeId Node, BucketSet Share, long Ticks);
}
