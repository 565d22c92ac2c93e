using Swim.Core.Clocks;
using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Compares this node's clock with its peers', by asking some of them (Cristian 1989, "Probabilistic Clock Synchronization": their time lies
/// within half the round trip). While it is off their median by more than <see cref="OffMs"/> this node originates nothing and says so, and others
/// plan for it; it merges and answers reads. Most of its peers also decide whether a step of its wall clock forward is right.
/// </summary>
internal sealed class ClockWatch(ReplicaState state)
{
    /// <summary>A clock further from the median than this is off: 500 ms, as far ahead as a stamp may be.</summary>
    public const long OffMs = HybridLogicalClock.AcceptAheadMs;

    /// <summary>How many peers are asked at once.</summary>
    public const int AskedMax = 8;

    /// <summary>What a command that would write is told while the clock is off.</summary>
    public static readonly Refused Refusal = new(RefusalReason.Unavailable, "CLOCK_OFF", "This node's clock is off, so it writes nothing: ask another.");

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UrgentPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SampleLife = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan RoundTripMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StepHold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OffWordLife = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan RefusalLife = TimeSpan.FromSeconds(60);

    private readonly SortedDictionary<NodeId, Sample> _samples = [];
    private readonly SortedDictionary<NodeId, long> _othersOff = [];
    private readonly SortedDictionary<NodeId, long> _refusedBy = [];
    private SortedSet<NodeId> _awaited = [];
    private long _judgeBy, _askAt;
    private long? _steppedSince;
    private bool _wasRight;

    private readonly record struct Sample(long OffsetMs, bool IsRight, long AtTicks);

    /// <summary>How far this clock is ahead of the others', in milliseconds, while it is off; behind where negative; 0 while it is not off.</summary>
    public long OffByMs
    {
        get => state.ClockOffByMs;
        private set => state.ClockOffByMs = value;
    }

    private bool IsJudged
    {
        get => state.IsClockJudged;
        set => state.IsClockJudged = value;
    }

    /// <summary>How many members refused what this node wrote, in the last minute, since its stamps were too far ahead of their clocks.</summary>
    public int RefusedBy => _refusedBy.Count;

    /// <summary>True once the clock was compared, or there was nobody to ask, and while it is not off.</summary>
    public bool MayOriginate => IsJudged && OffByMs == 0;

    /// <summary>The members whose clocks are off as they say themselves, with this node where its own is.</summary>
    public IEnumerable<NodeId> Off => OffByMs == 0 ? _othersOff.Keys : _othersOff.Keys.Append(state.Self);

    /// <summary>The node begins to take part.</summary>
    public void Begin()
    {
        _judgeBy = state.Now.After(state.Settings.ReadyTimeout);
        _awaited = [.. Ask()];
        if (_awaited.Count == 0) Judge();
    }

    /// <summary>All exchanges that the node waited for are over: whoever could tell the time has told it.</summary>
    public void EndWait()
    {
        if (!IsJudged) Judge();
    }

    /// <summary>A peer asks for the time.</summary>
    public void OnAsk(NodeId from, ClockAsk ask) => state.Send(from, new ClockTell(ask.AskedTicks, state.Now.WallMs, MayOriginate));

    /// <summary>A peer told the time; true when that changed what <see cref="MayOriginate"/> or <see cref="Off"/> says.</summary>
    public bool OnTell(NodeId from, ClockTell tell)
    {
        var before = (MayOriginate, OffByMs == 0);
        var roundTrip = state.Now.Since(tell.AskedTicks);
        _awaited.Remove(from);
        if (roundTrip >= TimeSpan.Zero && roundTrip <= RoundTripMax)
            _samples[from] = new Sample(tell.WallMs + ((long)roundTrip.TotalMilliseconds / 2) - state.Now.WallMs, tell.IsRight, state.Now.Ticks);
        if (IsJudged || _awaited.Count == 0) Judge();
        return before != (MayOriginate, OffByMs == 0);
    }

    /// <summary>A peer says that its clock is off, or is right again; true when that is news.</summary>
    public bool OnOff(NodeId from, ClockOff off)
    {
        if (off.ByMs == 0) return _othersOff.Remove(from);
        var isNews = !_othersOff.ContainsKey(from);
        _othersOff[from] = state.Now.After(OffWordLife);
        return isNews;
    }

    /// <summary>A peer refused what this node wrote.</summary>
    public void OnAhead(NodeId from, ClockAhead ahead)
    {
        if (!_refusedBy.ContainsKey(from)) state.Outbox.Notify(new StampRefused(from, ahead.AheadMs));
        _refusedBy[from] = state.Now.After(RefusalLife);
        _askAt = Math.Min(_askAt, state.Now.After(UrgentPeriod));
    }

    /// <summary>Time has passed; true when that changed what <see cref="MayOriginate"/> or <see cref="Off"/> says.</summary>
    public bool Tend()
    {
        var before = (MayOriginate, OffByMs == 0, _othersOff.Count);
        Expire(_othersOff);
        Expire(_refusedBy);
        if (!IsJudged && state.Now.Ticks >= _judgeBy) Judge();
        FollowStep();
        if (state.Now.Ticks >= _askAt)
        {
            _ = Ask();
            if (OffByMs != 0) Say();
        }

        return before != (MayOriginate, OffByMs == 0, _othersOff.Count);
    }

    private void Expire(SortedDictionary<NodeId, long> words)
    {
        foreach (var (peer, until) in words.ToList())
        {
            if (state.Now.Ticks >= until) words.Remove(peer);
        }
    }

    private List<NodeId> Ask()
    {
        _askAt = state.Now.After(OffByMs != 0 || _steppedSince is not null ? UrgentPeriod : Period);
        foreach (var (peer, sample) in _samples.ToList())
        {
            if (state.Now.Since(sample.AtTicks) > SampleLife || state.Placement.IsDown(peer)) _samples.Remove(peer);
        }

        var peers = state.Placement.LivePeers.ToArray();
        state.Prng.Shuffle(peers);
        var asked = peers.Take(AskedMax).ToList();
        foreach (var peer in asked) state.Send(peer, new ClockAsk(state.Now.Ticks));
        return asked;
    }

    // A newcomer believes those whose clocks were found right; nodes that start together, and one that was right, believe the middle of all, themselves
    // included. One against one proves nothing: at a start the one ahead gives way, since only stamps ahead do harm.
    private void Judge()
    {
        IsJudged = true;
        var believed = _wasRight ? [] : _samples.Values.Where(static sample => sample.IsRight).Select(static sample => sample.OffsetMs).Order().ToList();
        if (believed.Count == 0 && (!_wasRight || _samples.Count >= 2)) believed = [.. _samples.Values.Select(static sample => sample.OffsetMs).Append(0).Order()];
        if (believed.Count == 0) believed = [0];
        var ahead = -believed[(believed.Count - 1) / 2];
        var was = OffByMs;
        OffByMs = Math.Abs(ahead) > OffMs && !Planted.Is(Mutant.ClockOffIgnored) ? ahead : 0;
        _wasRight |= OffByMs == 0;
        if ((was == 0) == (OffByMs == 0)) return;
        state.Outbox.Notify(new ClockIsOff(OffByMs));
        _askAt = state.Now.Ticks;
        Say();
    }

    private void Say()
    {
        foreach (var peer in state.Placement.LivePeers) state.Send(peer, new ClockOff(OffByMs));
    }

    // What was asked before the step is as good: offsets are against the clock that did not follow.
    private void FollowStep()
    {
        if (state.Now.SteppedMs == 0)
        {
            _steppedSince = null;
            return;
        }

        if (_steppedSince is null)
        {
            _steppedSince = state.Now.Ticks;
            _askAt = state.Now.Ticks;
            return;
        }

        var agree = _samples.Values.Count(sample => Math.Abs(sample.OffsetMs - state.Now.SteppedMs) <= OffMs);
        var isAlone = _samples.Count == 0 && state.Now.Since(_steppedSince.Value) >= StepHold;
        if (!isAlone && 2 * agree <= _samples.Count) return;
        state.Outbox.Add(new FollowClockStep());
        _steppedSince = null;
        _samples.Clear();
        _askAt = state.Now.Ticks;
    }
}

/// <summary>The wall clock's step forward is right: the host's <see cref="PhysicalClock"/> is to follow it.</summary>
public sealed record FollowClockStep : Output;

/// <summary>This node's clock is ahead of the others' by <paramref name="ByMs"/> (behind where negative), so that it originates nothing; 0: it is right again.</summary>
public sealed record ClockIsOff(long ByMs) : Notice;

/// <summary>Another node refused what this node wrote, since its stamp was <paramref name="AheadMs"/> ahead of that node's clock.</summary>
public sealed record StampRefused(NodeId By, long AheadMs) : Notice;

/// <summary>What time is it there? Answered by a <see cref="ClockTell"/>.</summary>
/// <param name="AskedTicks">Comes back as it is.</param>
public sealed record ClockAsk(long AskedTicks) : PeerMessage;

/// <summary>The time there.</summary>
/// <param name="AskedTicks">That of the question.</param>
/// <param name="WallMs">Milliseconds since 1970 by the physical part of its clock.</param>
/// <param name="IsRight">True when that node found its own clock right.</param>
public sealed record ClockTell(long AskedTicks, long WallMs, bool IsRight) : PeerMessage;

/// <summary>The sender's clock is off by so many milliseconds and it originates nothing; 0: it is right again. Said every second while it is off.</summary>
public sealed record ClockOff(long ByMs) : PeerMessage;

/// <summary>The receiver's stamps are so many milliseconds ahead of the sender's clock, which refused them.</summary>
public sealed record ClockAhead(long AheadMs) : PeerMessage;
