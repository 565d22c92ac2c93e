using Swim.Core.Membership;
using Swim.Core.Ring;

namespace Swim.Core.Replication;

/// <summary>
/// Takes in the commands that write the system bucket, on one of its home owners or, where those are down, on a stand-in: today only
/// the removal of a member. Answers once the write is on two disks, or after a while with what was reached.
/// </summary>
internal sealed class SystemDesk(ReplicaState state, ReplicationAcks acks)
{
    private readonly List<Wait> _waits = [];

    /// <summary>Removes a member that is Dead or Left; refuses any other.</summary>
    public void Serve(RemoveMemberCommand command, Action<Reply> reply)
    {
        if (WhyNot(command) is { } refusal)
        {
            reply(refusal);
            return;
        }

        var member = state.Placement.Find(command.Node)!;
        var key = SystemCells.KeyOfRemoval(member.Id, member.Epoch);
        var isKnown = state.Store.Find(Buckets.System)?.Find(SystemCells.Id)?.Find(key.Kind, key.Subkey) is not null;
        if (!isKnown) Write(key, new Removal(member.Id, member.Epoch, state.Self, state.Now.WallMs));
        var answer = new MemberRemoved(member.Id, member.Epoch, isKnown, AckLevel.None, state.Placement.LiveMembers, state.Placement.Map.Members.Length);
        _waits.Add(new Wait(answer, reply, state.Now.After(state.Settings.AckTimeout)));
        Review();
    }

    /// <summary>Time has passed, or somebody has acknowledged something: answers whoever waited for that.</summary>
    public void Review()
    {
        if (_waits.Count == 0) return;
        var cells = state.Store.Find(Buckets.System)!.Find(SystemCells.Id)!;
        var level = acks.LevelOf(cells);
        _waits.RemoveAll(wait =>
        {
            if (level < AckLevel.K && state.Now.Ticks < wait.Deadline) return false;
            wait.Reply(wait.Answer with { Acked = level });
            return true;
        });
    }

    private void Write(CellKey key, Removal removal)
    {
        var stamp = state.Clock.Tick(state.Now);
        state.Store.Write(state.Self, stamp, dot => new Cell(key, stamp, state.Self, dot, SystemCells.Encode(removal)), Buckets.System);
    }

    private Refused? WhyNot(RemoveMemberCommand command)
    {
        var placement = state.Placement;
        if (!placement.Acts(Buckets.System)) return new Refused(RefusalReason.Unavailable, "NOT_OWNER", "The ring has changed: try again.");
        if (placement.Find(command.Node) is not { } member)
            return new Refused(RefusalReason.NotFound, "NO_SUCH_MEMBER", $"No member {command.Node} is known: look at the members.");
        if (command.Node == state.Self || member.State is MemberState.Alive or MemberState.Suspect)
        {
            return new Refused(RefusalReason.FailedPrecondition, "MEMBER_NOT_DEAD",
                $"Member {member.Meta.Name} ({member.Id}) is {member.State}, and only one that is Dead or Left can be removed: to take a running node out, let it leave with 'swim leave'.");
        }

        var (live, all) = (placement.LiveMembers, placement.Map.Members.Length);
        return live * 2 > all || command.Force ? null : new Refused(RefusalReason.FailedPrecondition, "NO_MAJORITY",
            $"Only {live} of {all} members can be reached: the others may go on without this side. With --force the member is removed all the same, and until most members are together again nothing that needs a majority is promised.");
    }

    private sealed record Wait(MemberRemoved Answer, Action<Reply> Reply, long Deadline);
}
