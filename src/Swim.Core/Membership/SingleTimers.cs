using Swim.Core.Hosting;

namespace Swim.Core.Membership;

/// <summary>The timers of which at most one is awaited per kind. Arming again makes the earlier one stale.</summary>
internal sealed class SingleTimers
{
    private readonly long?[] _due = new long?[Enum.GetValues<MembershipTimer>().Length + 1];

    /// <summary>True while one of this kind is awaited.</summary>
    public bool IsArmed(MembershipTimer kind) => _due[(int)kind] is not null;

    /// <summary>Awaits one at <paramref name="dueTicks"/>.</summary>
    public void Arm(MembershipTimer kind, long dueTicks, Outbox outbox)
    {
        _due[(int)kind] = dueTicks;
        outbox.SetTimer(new NodeTimer((int)kind, 0, dueTicks), dueTicks);
    }

    /// <summary>Awaits one at <paramref name="dueTicks"/> unless an earlier one is awaited already.</summary>
    public void ArmNoLater(MembershipTimer kind, long dueTicks, Outbox outbox)
    {
        if (_due[(int)kind] is not { } due || due > dueTicks) Arm(kind, dueTicks, outbox);
    }

    /// <summary>Ends the wait if <paramref name="timer"/> is the one awaited; false when it is stale.</summary>
    public bool TryTake(NodeTimer timer)
    {
        if (_due[timer.Kind] != timer.Token) return false;
        _due[timer.Kind] = null;
        return true;
    }
}
