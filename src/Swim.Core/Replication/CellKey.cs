using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// What a cell holds. The two highest bits name its merge, so that a node merges, keeps and forwards kinds it does not know.
/// </summary>
public enum CellKind : byte
{
    /// <summary>Register of which the earliest write stands: the canonical definition, input, namespace and key. One per workflow.</summary>
    Definition = 0x01,

    /// <summary>Max register: the written phase of the workflow. One per workflow.</summary>
    Phase = 0x02,

    /// <summary>Register that stands for a whole workflow that was collected: beats every other cell of it. One per workflow (ADR 12).</summary>
    Tombstone = 0x04,

    /// <summary>Max register, in the system bucket: a member that was removed. Subkey (node, its boot epoch).</summary>
    MemberRemoved = 0x05,

    /// <summary>Status lattice: where a task stands. Subkey (task).</summary>
    Status = 0x41,

    /// <summary>Presence, never removed: an attempt that ended without a result. Subkey (task, generation and attempt, executor).</summary>
    AttemptEnd = 0x81,

    /// <summary>Presence with a dot: a result. Subkey (task, actor, seq). At most <see cref="ResultValue.PerTaskMax"/> per task.</summary>
    Result = 0x82,

    /// <summary>Presence: the results of other tasks that an attempt was given. Subkey (task, generation and attempt, hash of token and executor).</summary>
    Inputs = 0x83,

    /// <summary>Presence: an attempt that succeeded where a success was known already. Subkey (task, generation and attempt, executor).</summary>
    Duplicate = 0x84,

    /// <summary>Presence, gone only with its workflow: a part of a <see cref="Blob"/>. Subkey (hash, hash, number of the part).</summary>
    Chunk = 0x8A,
}

/// <summary>How two values of one cell become one.</summary>
public enum CellMerge : byte
{
    /// <summary>The later stamp wins.</summary>
    Register = 0,

    /// <summary>The order of <see cref="Crdt.TaskStatus"/>.</summary>
    Status = 1,

    /// <summary>An element of a set: there or removed. Equal keys are equal elements.</summary>
    Presence = 2,
}

/// <summary>The place of a cell within its workflow and kind; unused numbers are zero.</summary>
public readonly record struct Subkey(ulong A, ulong B = 0, ulong C = 0) : IComparable<Subkey>
{
    /// <summary>Orders by A, B, C.</summary>
    public int CompareTo(Subkey other)
    {
        var order = A.CompareTo(other.A);
        if (order == 0) order = B.CompareTo(other.B);
        return order != 0 ? order : C.CompareTo(other.C);
    }

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <(Subkey left, Subkey right) => left.CompareTo(right) < 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >(Subkey left, Subkey right) => left.CompareTo(right) > 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Subkey left, Subkey right) => left.CompareTo(right) <= 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Subkey left, Subkey right) => left.CompareTo(right) >= 0;
}

/// <summary>The identity of a cell. Its bucket follows from the workflow's place.</summary>
public readonly record struct CellKey(WorkflowId Workflow, CellKind Kind, Subkey Subkey) : IComparable<CellKey>
{
    /// <summary>How two values under this key merge.</summary>
    public CellMerge Merge => (CellMerge)((byte)Kind >> 6);

    /// <summary>A hash of the key, the same on every node.</summary>
    public ulong Hash
    {
        get
        {
            var place = StableHash.Of(Workflow.Place, Workflow.Content, (ulong)Kind);
            return StableHash.Of(StableHash.Of(Subkey.A, Subkey.B, place), Subkey.C, place);
        }
    }

    /// <summary>Orders by workflow, kind, subkey.</summary>
    public int CompareTo(CellKey other)
    {
        var order = Workflow.CompareTo(other.Workflow);
        if (order == 0) order = Kind.CompareTo(other.Kind);
        return order != 0 ? order : Subkey.CompareTo(other.Subkey);
    }

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <(CellKey left, CellKey right) => left.CompareTo(right) < 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >(CellKey left, CellKey right) => left.CompareTo(right) > 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <=(CellKey left, CellKey right) => left.CompareTo(right) <= 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >=(CellKey left, CellKey right) => left.CompareTo(right) >= 0;
}
