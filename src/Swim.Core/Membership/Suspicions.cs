using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The running suspicions (SWIM section 4.2): one per suspected member, with a fixed timeout by the size of the group. One that the
/// own loop slept through starts anew instead of running out.
/// </summary>
internal sealed class Suspicions(SwimOptions options, LoopWatch watch)
{
    private readonly Dictionary<NodeId, Running> _running = [];

    private readonly record struct Running(long StartedTicks, long DueTicks);

    /// <summary>Starts one, in place of what ran for the member, among <paramref name="members"/> live members.</summary>
    public void Start(NodeId id, int members, Now now, Outbox outbox)
    {
        var due = now.After(options.SuspicionTimeout(members));
        _running[id] = new Running(now.Ticks, due);
        outbox.SetTimer(new NodeTimer((int)MembershipTimer.Suspicion, id.Value, due), due);
    }

    /// <summary>Ends one without a verdict.</summary>
    public void End(NodeId id) => _running.Remove(id);

    /// <summary>True when the suspicion that <paramref name="timer"/> belongs to ran out in full sight of a loop that was on time.</summary>
    public bool HasRunOut(NodeTimer timer, int members, Now now, Outbox outbox)
    {
        var id = new NodeId(timer.Subject);
        if (!_running.TryGetValue(id, out var running) || running.DueTicks != timer.Token) return false;
        if (!watch.WasInterruptedSince(running.StartedTicks)) return true;
        Start(id, members, now, outbox);
        return false;
    }
}
