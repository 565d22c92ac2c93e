using System.Buffers.Binary;
using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// The voter's side of majority claims: for one lease after it granted a token it refuses every other token for the same task and
/// generation, unless the asker knows the granted one to have ended. Times only by the monotonic clock. Its votes are in memory alone: after
/// a start it refuses for one whole lease whatever it may have voted on in an earlier life, which covers a lost disk and an old backup as well.
/// </summary>
internal sealed class MajorityVoter(ReplicaState state)
{
    /// <summary>Leases kept in mind; beyond it claims are refused.</summary>
    public const int LeasesMax = 100_000;

    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);
    private readonly SortedDictionary<(WorkflowId Workflow, int Task, int Generation), (ulong Token, long UntilTicks)> _leases = [];
    private readonly SortedDictionary<NodeId, long> _movedTicks = [];
    private readonly SortedSet<NodeId> _left = [];
    private Now _started;
    private bool _isStarted;
    private bool _isFirstLife;
    private ulong _epoch;
    private long _sweepDue;

    /// <summary>Names the voters that are counted: those that have not left.</summary>
    public static ulong CountingOf(Placement placement, IReadOnlyList<NodeId> voters)
    {
        Span<byte> bytes = stackalloc byte[8];
        var hash = 0UL;
        foreach (var voter in voters)
        {
            if (placement.HasLeft(voter)) continue;
            BinaryPrimitives.WriteUInt64BigEndian(bytes, voter.Value);
            hash = StableHash.Of(bytes, hash);
        }

        return hash;
    }

    /// <summary>The members changed: notes who has left or come back, and when that was heard of.</summary>
    public void OnPlacement()
    {
        var left = state.Placement.LeftMembers.ToList();
        if (_isStarted)
        {
            foreach (var node in left.Where(node => !_left.Contains(node)).Concat(_left.Where(node => !state.Placement.HasLeft(node)))) _movedTicks[node] = state.Now.Ticks;
        }
        else
        {
            _isFirstLife = state.Store.Actor == 0 && !state.Store.IsDamaged && state.Placement.Epoch == 1;
        }

        // A boot counter that the others had to correct: there were lives of which this disk knows nothing.
        if (!_isStarted || state.Placement.Epoch != _epoch) (_started, _isFirstLife) = (state.Now, _isFirstLife && !_isStarted);
        (_isStarted, _epoch) = (true, state.Placement.Epoch);

        _left.Clear();
        _left.UnionWith(left);
    }

    /// <summary>A planner asks.</summary>
    public void OnAsk(NodeId planner, MajorityAsk ask)
    {
        Func<AskedLease, LeaseVote> vote = IsAhead(ask.Round) ? static lease => new LeaseVote(lease.Attempt, VoteVerdict.Ahead, 0, 0) : Vote;
        state.Send(planner, new MajorityVotes(ask.Round, [.. ask.Leases.Select(vote)]));
    }

    /// <summary>Forgets what has run out.</summary>
    public void Tend()
    {
        if (state.Now.Ticks < _sweepDue) return;
        _sweepDue = state.Now.After(SweepPeriod);
        foreach (var (key, lease) in _leases.ToList())
        {
            if (lease.UntilTicks <= state.Now.Ticks) _leases.Remove(key);
        }

        foreach (var (node, ticks) in _movedTicks.ToList())
        {
            if (state.Now.Since(ticks) > state.Settings.Lease) _movedTicks.Remove(node);
        }
    }

    // The executor would count its lease from a time that has not come.
    private bool IsAhead(ulong round) => new HlcTimestamp(round).PhysicalMs > state.SharedNow.WallMs + MajorityTiming.SkewMs;

    private LeaseVote Vote(AskedLease asked)
    {
        if (Refuse(asked) is { } refusal) return refusal;
        var attempt = asked.Attempt;
        _leases[(attempt.Workflow, attempt.Task, attempt.Generation)] = (attempt.Token, state.Now.After(state.Settings.Lease));
        return new LeaseVote(attempt, VoteVerdict.Granted, 0, 0);
    }

    private LeaseVote? Refuse(AskedLease asked)
    {
        var attempt = asked.Attempt;
        var cells = state.Store.Find(attempt.Workflow);
        var isVoter = asked.Voters.Contains(state.Self) || Planted.Is(Mutant.StandInVotes);
        if (!isVoter || IsOtherSet(asked, cells)) return new LeaseVote(attempt, VoteVerdict.OtherVoters, 0, 0);
        if (LeftOf(MovedTicks(asked.Voters)) is > 0 and var settling) return new LeaseVote(attempt, VoteVerdict.Settling, 0, settling);
        if (!IsNewborn(cells) && LeftOf(_started.Ticks) is > 0 and var restarted) return new LeaseVote(attempt, VoteVerdict.Restarted, 0, restarted);
        if (cells is not null && IsOutdated(cells, asked)) return new LeaseVote(attempt, VoteVerdict.Outdated, 0, 0);
        var isNew = !_leases.TryGetValue((attempt.Workflow, attempt.Task, attempt.Generation), out var lease);
        if (isNew) return _leases.Count < LeasesMax ? null : new LeaseVote(attempt, VoteVerdict.Full, 0, 0);
        var isFree = lease.Token == attempt.Token || lease.UntilTicks <= state.Now.Ticks || asked.Ended.Contains(lease.Token) || Planted.Is(Mutant.VotesTwice);
        return isFree ? null : new LeaseVote(attempt, VoteVerdict.Held, lease.Token, Math.Max(1, (lease.UntilTicks - state.Now.Ticks) / Now.TicksPerMs));
    }

    private bool IsOtherSet(AskedLease asked, WorkflowCells? cells) => !Planted.Is(Mutant.StandInVotes)
        && ((cells?.Submission is { } submission && !submission.Voters.SequenceEqual(asked.Voters)) || CountingOf(state.Placement, asked.Voters) != asked.Counting);

    private long MovedTicks(IReadOnlyList<NodeId> voters)
    {
        var last = long.MinValue;
        foreach (var voter in voters) last = _movedTicks.TryGetValue(voter, out var ticks) ? Math.Max(last, ticks) : last;
        return last;
    }

    // Milliseconds until a lease has passed since then.
    private long LeftOf(long sinceTicks) =>
        sinceTicks == long.MinValue ? 0 : Math.Max(0, (long)Math.Ceiling((state.Settings.Lease - state.Now.Since(sinceTicks)).TotalMilliseconds));

    // Submitted in this life of the voter, whatever the submitter's clock, or there was no earlier one: none can have voted on it. By the others' clocks: one that
    // is far behind would take everything for newer than its start.
    private bool IsNewborn(WorkflowCells? cells) =>
        _isFirstLife || Planted.Is(Mutant.VoteForgotten) || (state.IsClockJudged && cells?.Created.PhysicalMs > StartedMs + MajorityTiming.SkewMs);

    private long StartedMs => state.SharedNow.WallMs - (long)state.Now.Since(_started.Ticks).TotalMilliseconds;

    private static bool IsOutdated(WorkflowCells cells, AskedLease asked)
    {
        var attempt = asked.Attempt;
        if (cells.StatusOf(attempt.Task) is not { } status) return false;
        if (status.Generation != attempt.Generation) return status.Generation > attempt.Generation;
        if (status.State.IsTerminal() || status.Attempt > attempt.Attempt) return true;
        if (status.Attempt < attempt.Attempt) return false;
        if (status.State is not (TaskState.Claimed or TaskState.Running)) return true;
        var token = ClaimBook.AttemptOf(attempt.Workflow, attempt.Task, status).Token;
        return token != attempt.Token && !asked.Ended.Contains(token);
    }
}
