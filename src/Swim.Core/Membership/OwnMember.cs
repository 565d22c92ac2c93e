using Swim.Core.Hosting;

namespace Swim.Core.Membership;

/// <summary>This node's own record, and how it rises above what others say of it (SWIM section 4.2: only the member itself raises its incarnation).</summary>
internal sealed class OwnMember
{
    private MemberRecord _record;

    public OwnMember(MembershipSetup setup)
    {
        _record = new MemberRecord(setup.Id, setup.Epoch, 0, MemberState.Alive, setup.Meta);
        Bytes = _record.Bytes;
    }

    /// <summary>The record to be told.</summary>
    public MemberRecord Record
    {
        get => _record;
        set
        {
            _record = value;
            Bytes = value.Bytes;
        }
    }

    /// <summary>Its encoded form.</summary>
    public byte[] Bytes { get; private set; }

    /// <summary>
    /// The own record as it must be to replace <paramref name="told"/>: a higher incarnation, or a new epoch where the others know a
    /// higher one (a data directory restored from a copy) or hold this node for one that left, which is final within an epoch.
    /// </summary>
    public MemberRecord Above(Standing told, Outbox outbox)
    {
        if (told.Epoch == _record.Epoch && told.State != MemberState.Left)
        {
            outbox.Notify(new AccusationRefuted(told.State, told.Incarnation + 1));
            return _record with { Incarnation = told.Incarnation + 1 };
        }

        var epoch = told.Epoch + 1;
        outbox.Add(new PersistEpoch(epoch));
        outbox.Notify(new EpochAdopted(epoch));
        return _record with { Epoch = epoch, Incarnation = 0 };
    }
}
