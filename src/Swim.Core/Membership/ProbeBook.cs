using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The probes under way by the sequence numbers of their pings, and those that ended lately without that ping's answer: a late answer is
/// measured, or it would never be learnt that a peer is slow. Both are bounded.
/// </summary>
internal sealed class ProbeBook(Prng prng)
{
    // Far above what one node's own probes and fair requests of others need; keeps a flood of requests from filling memory.
    private const int ProbesMax = 4096;
    private const int EndedMax = 512;

    private readonly Dictionary<ulong, Probe> _probes = [];
    private readonly Dictionary<ulong, Probe> _ended = [];
    private readonly Queue<ulong> _endedOrder = [];
    private readonly Dictionary<NodeId, Probe> _watched = [];
    // Not guessable without seeing a packet; grows by one.
    private ulong _seq = prng.NextUInt64() >> 1;

    /// <summary>True when no more probes may begin.</summary>
    public bool IsFull => _probes.Count >= ProbesMax;

    /// <summary>The probe under way that a ping with this number belongs to; null when there is none.</summary>
    public Probe? Find(ulong seq) => _probes.GetValueOrDefault(seq);

    /// <summary>The watch over a member that is under way, of two the earlier; null when there is none.</summary>
    public Probe? FindWatch(NodeId target) => _watched.GetValueOrDefault(target);

    /// <summary>Begins a probe: its first ping gets a number.</summary>
    public void Begin(Probe probe)
    {
        probe.Seq = ++_seq;
        _probes.Add(probe.Seq, probe);
        if (probe.Purpose == ProbePurpose.Watch) _watched.TryAdd(probe.Target, probe);
    }

    /// <summary>The ping is repeated, under a number of its own: an answer then tells which of the two it answers, and how long that took.</summary>
    public void Repeat(Probe probe, Now now)
    {
        (probe.RepeatSeq, probe.RepeatedTicks) = (++_seq, now.Ticks);
        _probes.Add(probe.RepeatSeq, probe);
    }

    /// <summary>Ends a probe. With <paramref name="awaitsLate"/>, answers to its pings are still measured, except to <paramref name="answered"/>.</summary>
    public void End(Probe probe, bool awaitsLate, ulong answered = 0)
    {
        foreach (var seq in new[] { probe.Seq, probe.RepeatSeq })
        {
            if (_probes.Remove(seq) && awaitsLate && seq != answered) Remember(seq, probe);
        }

        if (FindWatch(probe.Target) == probe) _watched.Remove(probe.Target);
    }

    /// <summary>True for a ping of a probe that ended lately without this one's answer.</summary>
    public bool IsEnded(ulong seq) => _ended.ContainsKey(seq);

    /// <summary>Takes the probe that ended without an answer to this ping; null when none is remembered.</summary>
    public Probe? TakeEnded(ulong seq, NodeId target)
    {
        if (!_ended.TryGetValue(seq, out var probe) || probe.Target != target) return null;
        _ended.Remove(seq);
        return probe;
    }

    private void Remember(ulong seq, Probe probe)
    {
        _ended[seq] = probe;
        _endedOrder.Enqueue(seq);
        if (_endedOrder.Count > EndedMax) _ended.Remove(_endedOrder.Dequeue());
    }
}
