namespace Swim.Core.Storage;

/// <summary>
/// A part of a checkpoint, small enough that neither who makes it nor who writes it stalls. A round is a sequence of pieces with one
/// <see cref="Base"/>: shard after shard, each ended by a piece with <see cref="EndsShard"/>, the last one with <see cref="EndsRound"/>.
/// </summary>
/// <param name="Base">What the round is about: each shard in it holds at least what the records up to this position wrote.</param>
/// <param name="Through">No block in it holds anything of a record beyond this position.</param>
/// <param name="Shard">Which shard the blocks belong to; without meaning where there are none and no shard ends.</param>
/// <param name="Blocks">The state of whole buckets, ascending.</param>
public sealed record CheckpointPiece(long Base, long Through, int Shard, IReadOnlyList<CheckpointBlock> Blocks)
{
    /// <summary>True when the round begins with it; what an earlier one left unfinished is given up.</summary>
    public bool BeginsRound { get; init; }

    /// <summary>True when the shard has no further blocks: its file becomes complete.</summary>
    public bool EndsShard { get; init; }

    /// <summary>True when all that changed since the last checkpoint has been given: the checkpoint becomes the newest.</summary>
    public bool EndsRound { get; init; }

    /// <summary>What the checkpoint says of the node as a whole; in the last piece.</summary>
    public ReadOnlyMemory<byte> Meta { get; init; }
}

/// <summary>The state of one bucket as of one position of the log.</summary>
/// <param name="Bucket">Which bucket.</param>
/// <param name="Bytes">Its state, in a form that the log does not know.</param>
public readonly record struct CheckpointBlock(int Bucket, ReadOnlyMemory<byte> Bytes);

/// <summary>What became of a piece.</summary>
public enum CheckpointStep
{
    /// <summary>It was written; the next one may come.</summary>
    Written,

    /// <summary>It was the last one: the checkpoint is durable and the files it replaces are gone.</summary>
    Completed,

    /// <summary>There was no space: the round was given up, the one before it stands, and the log goes on.</summary>
    GivenUp,
}
