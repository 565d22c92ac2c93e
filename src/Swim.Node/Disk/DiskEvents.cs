using Swim.Core.Storage;

namespace Swim.Node.Disk;

/// <summary>What a <see cref="DiskWriter"/> tells its host. Called on the writer's thread: hand on and return, never block.</summary>
/// <param name="OnPersisted">Every record up to this position is durable. Positions rise; one call stands for many records.</param>
/// <param name="OnFatal">The disk failed for good; nothing more becomes durable and the process must stop. Called once at most.</param>
/// <param name="OnFullChanged">True when the disk became full, false when it took records again; meanwhile they wait in the queue.</param>
public sealed record DiskEvents(Action<long> OnPersisted, Action<Exception> OnFatal, Action<bool> OnFullChanged)
{
    /// <summary>So much was written that a checkpoint is due; once, until one has ended. To be answered with its first piece.</summary>
    public Action? OnCheckpointDue { get; init; }

    /// <summary>A piece of a checkpoint was dealt with.</summary>
    public Action<CheckpointStep>? OnPieceWritten { get; init; }

    /// <summary>A batch of so many records and bytes became durable and took so long to write and sync, waiting for space included.</summary>
    public Action<int, long, TimeSpan>? OnFlushed { get; init; }
}
