using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>Who this node is and whom it knows when it starts.</summary>
public sealed record MembershipSetup
{
    /// <summary>Its identity, from the data directory.</summary>
    public required NodeId Id { get; init; }

    /// <summary>Its boot counter: persisted, and one more at every start. At least 1.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>What it says of itself; must be valid.</summary>
    public required MemberMeta Meta { get; init; }

    /// <summary>Messages of other clusters are dropped.</summary>
    public required ulong ClusterId { get; init; }

    /// <summary>gRPC addresses to join through: names may stand for many nodes, and for this one. Empty: nobody to wait for.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>True: ready at once though seeds are named; for the first node of a cluster.</summary>
    public bool Bootstrap { get; init; }

    /// <summary>True when the data directory was a member's before: ready at once.</summary>
    public bool WasMember { get; init; }

    /// <summary>The members saved in an earlier life, see <see cref="PersistKnown"/>; empty at the first start.</summary>
    public IReadOnlyList<MemberRecord> Known { get; init; } = [];

    /// <summary>Seals the packets it sends and opens those it gets; null: they go in plain, and sealed ones are dropped.</summary>
    public IPacketSeal? Seal { get; init; }

    /// <summary>
    /// For simulations: what all members hold long after they met, each Alive and this node among them. Cores of one process share it.
    /// Null: nothing, as in any real node.
    /// </summary>
    internal MembersSnapshot? Met { get; init; }
}
