using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Gathers lists over the cluster: each bucket is asked of one acting owner, of the next one where that does not answer, until
/// <see cref="ReplicaSettings.ListTimeout"/>; what is missing then is said.
/// </summary>
internal sealed class ListDesk(ReplicaState state, Readiness readiness, WorkflowLister lister)
{
    /// <summary>Lists that are gathered at once; more are refused.</summary>
    public const int GatheringsMax = 64;

    private readonly SortedDictionary<long, Gathering> _gatherings = [];
    private readonly SortedDictionary<long, Gathering> _byRequest = [];
    private long _nextRequest;

    /// <summary>A list asked for by this node's own API.</summary>
    public void OnCommand(long commandId, ListCommand list)
    {
        if (_gatherings.Count >= GatheringsMax)
        {
            state.Outbox.Add(new Answer(commandId, new Refused(RefusalReason.ResourceExhausted, "BUSY", "Too many lists are being gathered on this node: try again later.")));
            return;
        }

        var gathering = new Gathering(commandId, list, state.Now.Ticks);
        _gatherings[commandId] = gathering;
        Ask(gathering);
    }

    /// <summary>Another node, or this one, asks for the part of a list. A node that may still lack writes lists nothing.</summary>
    public void OnForward(NodeId from, long request, ListCommand list) =>
        state.Send(from, new ForwardAnswer(request, readiness.HasState && !readiness.IsStrangerTo(from) ? lister.List(list) : new Listed([], false, list.Buckets)));

    /// <summary>A part came.</summary>
    public void OnAnswer(NodeId from, long request, Listed answer)
    {
        if (!_byRequest.TryGetValue(request, out var gathering) || !gathering.Take(request, from, answer)) return;
        _byRequest.Remove(request);
        if (gathering.IsDone) Finish(gathering);
    }

    /// <summary>Time has passed.</summary>
    public void Tend()
    {
        foreach (var gathering in _gatherings.Values.ToList())
        {
            if (state.Now.Since(gathering.BegunTicks) >= state.Settings.ListTimeout)
            {
                Finish(gathering);
                continue;
            }

            foreach (var request in gathering.Expire(state.Now.Ticks - state.Settings.ForwardTimeout.Ticks)) _byRequest.Remove(request);
            Ask(gathering);
        }
    }

    private void Ask(Gathering gathering)
    {
        foreach (var (owner, share) in gathering.Share(state.Placement))
        {
            var request = ++_nextRequest;
            gathering.Asked(request, owner, share, state.Now.Ticks);
            _byRequest[request] = gathering;
            state.Send(owner, new Forward(request, gathering.List with { Buckets = share }));
        }
    }

    private void Finish(Gathering gathering)
    {
        foreach (var request in gathering.Requests) _byRequest.Remove(request);
        _gatherings.Remove(gathering.CommandId);
        state.Outbox.Add(new Answer(gathering.CommandId, gathering.Result(state.Placement)));
    }
}
