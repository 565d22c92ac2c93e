using Swim.Core.Storage;

namespace Swim.Node.Disk;

/// <summary>A part of what was durable cannot be read, and this node knows of no other that has it too.</summary>
public sealed class DamagedStateException(string directory, string what) : DiskException(
    $"{what} This node knows of no other to get it from. `swim log verify {directory}` shows what is damaged; restore the directory, name other nodes with --seeds, or go on without what cannot be read: --accept-log-damage.");
