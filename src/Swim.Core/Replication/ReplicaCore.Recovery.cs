using Swim.Core.Storage;

namespace Swim.Core.Replication;

/// <content>What the disk tells the state core at the start, and what it is to keep of it.</content>
public sealed partial class ReplicaCore
{
    /// <summary>Takes in a log that was put aside; before <see cref="BeginLostAndFound"/>.</summary>
    public LogReceiver AsideReceiver => _lost.Receiver;

    /// <summary>All logs that were put aside are taken in; before <see cref="Start"/>.</summary>
    public void BeginLostAndFound() => _lost.Begin();

    /// <summary>Takes in one record of the log; in order, before <see cref="Start"/>.</summary>
    public void Recover(ReadOnlyMemory<byte> record) => _state.Store.Recover(record);

    /// <summary>Takes in what the log's checkpoint says of the node; before all else.</summary>
    public void RecoverMeta(ReadOnlyMemory<byte> meta) => _state.Store.RecoverMeta(meta);

    /// <summary>Takes in the state of one bucket from the log's checkpoint; before the records.</summary>
    public void RecoverBlock(ReadOnlyMemory<byte> block) => _state.Store.RecoverBlock(block);

    /// <summary>
    /// A part of a bucket's state on the disk cannot be read. Peers are asked for it like for any other difference, and
    /// this node writes under a new id, as it no longer knows which writes of its own it made.
    /// </summary>
    public void LoseBlock(int bucket) => _state.Store.LoseBlock(bucket);

    /// <summary>As above, for every bucket there may be: a part of the log cannot be read, and nobody knows what it told of.</summary>
    public void LoseAll() => _state.Store.LoseAll();

    /// <summary>The next piece of a checkpoint of all that the records up to <paramref name="position"/> wrote; the first one begins a round.</summary>
    public CheckpointPiece NextPiece(long position)
    {
        if (!_checkpointer.IsUnderWay) _checkpointer.Begin(position);
        return _checkpointer.Next(position);
    }

    /// <summary>The round of the last piece is over.</summary>
    public void EndCheckpoint(bool isCompleted) => _checkpointer.End(isCompleted);
}
