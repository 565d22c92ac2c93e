using Swim.Core.Crdt;

namespace Swim.Core.Replication;

/// <summary>
/// A set of cells of one bucket, and what its receiver has seen once it holds them. A push names the writes
/// <see cref="SeqFrom"/> to <see cref="SeqTo"/> of <see cref="Actor"/>: those without a cell of their own here were overwritten by
/// one that is, or by one in a frame that follows. A repair frame carries the sender's whole context instead. Idempotent; order does not matter.
/// </summary>
/// <param name="Bucket">Which bucket all cells belong to.</param>
/// <param name="Actor">Whose writes a push carries; 0 in a repair frame.</param>
/// <param name="SeqFrom">First write of a push.</param>
/// <param name="SeqTo">Last write of a push.</param>
/// <param name="Cells">Ascending by key.</param>
/// <param name="Context">All that the sender had seen; only in the last repair frame of an exchange.</param>
public sealed record DeltaFrame(int Bucket, ulong Actor, ulong SeqFrom, ulong SeqTo, IReadOnlyList<Cell> Cells, DotContext? Context)
{
    /// <summary>Cells of a repair exchange, with the context when they are the last.</summary>
    public static DeltaFrame Repair(int bucket, IReadOnlyList<Cell> cells, DotContext? context) => new(bucket, 0, 0, 0, cells, context);

    /// <summary>True when it tells of a write of <paramref name="actor"/> with the number <paramref name="from"/> or a later one. A push is its writer's own; what repair gives may name anybody's writes.</summary>
    public bool Names(ulong actor, ulong from) => Actor == 0
        ? Context?.Highest(actor) >= from || Cells.Any(cell => cell.Dot.Actor == actor && cell.Dot.Seq >= from)
        : Actor == actor && SeqTo >= from;
}
