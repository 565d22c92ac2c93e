namespace Swim.Core.Membership;

/// <summary>What a node believes of a member; ascending by strength within one incarnation. SWIM (Das et al. 2002) sections 3.2 and 4.2.</summary>
public enum MemberState : byte
{
    /// <summary>It answers, or nobody has said otherwise.</summary>
    Alive,

    /// <summary>It did not answer a probe, direct or indirect; it still may refute.</summary>
    Suspect,

    /// <summary>The suspicion ran out, or it stopped by itself. It keeps its place on the ring and stays probed; a higher incarnation revives it.</summary>
    Dead,

    /// <summary>It left for good. Final within its epoch.</summary>
    Left,
}
