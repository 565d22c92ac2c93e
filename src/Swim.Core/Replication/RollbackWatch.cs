using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>Whether another node has told of writes of this node that this node knows nothing of: its disk is older than it was.</summary>
internal sealed class RollbackWatch
{
    private bool _isSeen;

    /// <summary>A frame came; <paramref name="next"/> is the number of the next write of <paramref name="actor"/> in its bucket, as far as this node knows.</summary>
    public void Look(DeltaFrame frame, ulong actor, ulong next) => _isSeen |= frame.Names(actor, next);

    /// <summary>True once after such a frame.</summary>
    public bool Take()
    {
        var isSeen = _isSeen && !Planted.Is(Mutant.RollbackUnseen) && !Planted.Is(Mutant.DotsBeginAnew);
        _isSeen = false;
        return isSeen;
    }
}
