using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The running suspicions (SWIM section 4.2), one per suspected member. Each ends in a verdict the sooner the more nodes found the member
/// silent by themselves (Lifeguard section IV.B). One that the own loop slept through starts anew instead of running out.
/// </summary>
internal sealed class Suspicions(SwimOptions options, LoopWatch watch)
{
    private readonly Dictionary<NodeId, Running> _running = [];

    // Who accuses is kept up to the number that still matters, in the order in which it was heard.
    private sealed class Running
    {
        public List<NodeId> Accusers { get; } = [];

        public required TimeSpan Penalty { get; init; }

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
        Begin(id, running, members, now, outbox);
    }

    /// <summary>
    /// More nodes found the member silent. True when some of them were not known to and still count: then that is news to spread.
    /// </summary>
    public bool Confirm(NodeId id, ReadOnlySpan<NodeId> accusers, int members, Now now, Outbox outbox)
    {
        if (!_running.TryGetValue(id, out var running) || !Add(running, accusers)) return false;
        var due = Math.Max(now.Ticks, running.StartedTicks + Lasts(running, members).Ticks);
        if (due < running.DueTicks) SetTimer(id, running, due, outbox);
        return true;
    }

    /// <summary>Who is known to have found the member silent; nobody while no suspicion runs.</summary>
    public ReadOnlyMemory<NodeId> AccusersOf(NodeId id) => _running.TryGetValue(id, out var running) ? running.Accusers.ToArray() : default;

    /// <summary>Ends one without a verdict.</summary>
    public void End(NodeId id) => _running.Remove(id);

    /// <summary>True when the suspicion that <paramref name="timer"/> belongs to ran out in full sight of a loop that was on time.</summary>
    public bool HasRunOut(NodeTimer timer, int members, Now now, Outbox outbox)
    {
        var id = new NodeId(timer.Subject);
        if (!_running.TryGetValue(id, out var running) || running.DueTicks != timer.Token) return false;
        if (!watch.WasInterruptedSince(running.StartedTicks)) return true;
        Begin(id, running, members, now, outbox);
        return false;
    }

    private void Begin(NodeId id, Running running, int members, Now now, Outbox outbox)
    {
        running.StartedTicks = now.Ticks;
        SetTimer(id, running, now.After(Lasts(running, members)), outbox);
    }

    // The first accuser is the suspicion; each further one confirms it.
    private TimeSpan Lasts(Running running, int members) => options.SuspicionTimeout(members, Math.Max(0, running.Accusers.Count - 1), running.Penalty);

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
