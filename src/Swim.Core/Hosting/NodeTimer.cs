namespace Swim.Core.Hosting;

/// <summary>
/// A timer as a value: the host gives it back unchanged when it is due. Nothing is ever cancelled; a core that no longer waits
/// for it recognises the stale <paramref name="Token"/> and ignores it.
/// </summary>
/// <param name="Kind">Which of the core's timers this is; each core declares its own numbers.</param>
/// <param name="Subject">What it is about: a sequence number, a node, a bucket.</param>
/// <param name="Token">Distinguishes this setting from earlier ones of the same kind and subject.</param>
public readonly record struct NodeTimer(int Kind, ulong Subject, long Token);

/// <summary>Call the core back with <paramref name="Timer"/> once the monotonic clock reaches <paramref name="DueTicks"/>. Never held back for the log.</summary>
public sealed record SetTimer(NodeTimer Timer, long DueTicks) : Output;

/// <summary>
/// A fact for the operator: the host logs it and counts it. Each core's folder declares its own. Notices are never needed for correctness.
/// </summary>
public abstract record Notice : Output;
