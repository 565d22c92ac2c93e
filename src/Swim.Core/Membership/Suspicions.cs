using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The running suspicions (SWIM section 4.2), one per suspected member. Each ends in a verdict the sooner the more nodes found the member
/// silent by themselves (Lifeguard section IV.B). One that the own loop slept through, or during which the member was heard of, goes on
/// instead of running out; several at once that nobody confirms wait once more.
/// </summary>
internal sealed class Suspicions(SwimOptions options, LoopWatch watch, NewsSpread spread)
{
    private readonly Dictionary<NodeId, Running> _running = [];

    // Who accuses is kept up to the number that still matters, in the order in which it was heard.
    private sealed class Running
    {
        public List<NodeId> Accusers { get; } = [];

        public required TimeSpan Penalty { get; init; }

        public bool WasDoubted { get; set; }

        public long StartedTicks { get; set; }

        public long DueTicks { get; set; }
    }

    /// <summary>
    /// Starts one, in place of what ran for the member, among <paramref name="members"/> live members. Mistakes made about it lengthen it by
    /// <paramref name="penalty"/>.
    /// </summary>
    public void Start(NodeId id, ReadOnlySpan<NodeId> accusers, int members, TimeSpan penalty, Now now, Outbox outbox)
    {
        var running = new Running { Penalty = penalty };
        Add(running, accusers);
        _running[id] = running;
        Begin(id, running, members, now.Ticks, now, outbox);
    }

    /// <summary>
    /// More nodes found the member silent. True when some of them were not known yet and still count: then that is news to spread.
    /// </summary>
    public bool Confirm(NodeId id, ReadOnlySpan<NodeId> accusers, int members, Now now, Outbox outbox)
    {
        if (!_running.TryGetValue(id, out var running) || !Add(running, accusers)) return false;
        var due = Math.Max(now.Ticks, running.StartedTicks + Lasts(running, members, now).Ticks);
        if (due < running.DueTicks) SetTimer(id, running, due, outbox);
        return true;
    }

    /// <summary>Who is known to have found the member silent; nobody while no suspicion runs.</summary>
    public ReadOnlyMemory<NodeId> AccusersOf(NodeId id) => _running.TryGetValue(id, out var running) ? running.Accusers.ToArray() : default;

    /// <summary>How many run.</summary>
    public int Count => _running.Count;

    /// <summary>Ends one without a verdict.</summary>
    public void End(NodeId id) => _running.Remove(id);

    /// <summary>
    /// True when the suspicion that <paramref name="timer"/> belongs to ran out in full sight of a loop that was on time, and nothing else is to be said
    /// for the member or against this node. Else it goes on, and <paramref name="doubt"/> says why unless it was the loop.
    /// </summary>
    public bool HasRunOut(NodeTimer timer, int members, long? lastHeard, bool isDeaf, Now now, Outbox outbox, out DoubtReason? doubt)
    {
        doubt = null;
        var id = new NodeId(timer.Subject);
        if (!_running.TryGetValue(id, out var running) || running.DueTicks != timer.Token) return false;
        if (watch.WasInterruptedSince(running.StartedTicks)) Begin(id, running, members, now.Ticks, now, outbox);
        else if (isDeaf) doubt = GoOnSince(now.Ticks, id, running, members, now, outbox, DoubtReason.HearsNobody);
        else if (options.DoubtsItself && lastHeard > running.StartedTicks && lastHeard is { } heard) doubt = GoOnSince(heard, id, running, members, now, outbox, DoubtReason.RecentTraffic);
        else if (IsOneOfSeveral(running, members)) doubt = LookAgain(id, running, members, now, outbox);
        else return true;
        return false;
    }

    // For as long as it, or nobody at all, is heard of: the full time must pass without a word from it.
    private DoubtReason GoOnSince(long ticks, NodeId id, Running running, int members, Now now, Outbox outbox, DoubtReason reason)
    {
        Begin(id, running, members, ticks, now, outbox);
        return reason;
    }

    // Only once: it may all be true.
    private DoubtReason LookAgain(NodeId id, Running running, int members, Now now, Outbox outbox)
    {
        running.WasDoubted = true;
        running.StartedTicks = now.Ticks;
        SetTimer(id, running, now.After(Least(running, members, now)), outbox);
        return DoubtReason.SeveralAtOnce;
    }

    private bool IsOneOfSeveral(Running running, int members) =>
        !running.WasDoubted && !IsConfirmed(running, members) && _running.Values.Count(other => !IsConfirmed(other, members)) >= options.DoubtedFailures;

    // By anybody, that is: one node alone that finds several silent may itself be what is wrong.
    private bool IsConfirmed(Running running, int members) => running.Accusers.Count - 1 >= Math.Min(1, options.ConfirmationsEnough(members));

    private void Begin(NodeId id, Running running, int members, long startTicks, Now now, Outbox outbox)
    {
        running.StartedTicks = startTicks;
        SetTimer(id, running, startTicks + Lasts(running, members, now).Ticks, outbox);
    }

    // The first accuser is the suspicion; each further one confirms it.
    private TimeSpan Lasts(Running running, int members, Now now) =>
        options.SuspicionTimeout(Least(running, members, now), members, Math.Max(0, running.Accusers.Count - 1));

    private TimeSpan Least(Running running, int members, Now now) => spread.SuspicionMin(members, now) + running.Penalty;

    private bool Add(Running running, ReadOnlySpan<NodeId> accusers)
    {
        var before = running.Accusers.Count;
        foreach (var accuser in accusers)
        {
            if (running.Accusers.Count <= options.SuspicionConfirmations && !running.Accusers.Contains(accuser)) running.Accusers.Add(accuser);
        }

        return running.Accusers.Count > before;
    }

    private static void SetTimer(NodeId id, Running running, long due, Outbox outbox)
    {
        running.DueTicks = due;
        outbox.SetTimer(new NodeTimer((int)MembershipTimer.Suspicion, id.Value, due), due);
    }
}
