using Swim.Core.Clocks;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Something that a replica forgets of one bucket at one moment: its floor rises, tombstones go, workflows are set aside, writers' entries retire.</summary>
/// <param name="Bucket">Which bucket.</param>
/// <param name="Floor">Its floor from then on, where it is not above that already.</param>
/// <param name="Dropped">Whose tombstones go.</param>
/// <param name="SetAside">Whose cells are kept aside: every other home owner refuses them.</param>
internal sealed record Forgetting(int Bucket, HlcTimestamp Floor, IReadOnlyList<WorkflowId> Dropped, IReadOnlyList<WorkflowId> SetAside)
{
    /// <summary>Which writers the context forgets, each with the last of its writes that was seen. Default none.</summary>
    public IReadOnlyList<(ulong Writer, ulong Seq)> Retired { get; init; } = [];
}
