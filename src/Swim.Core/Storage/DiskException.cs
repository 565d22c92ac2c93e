namespace Swim.Core.Storage;

/// <summary>The medium or the file system failed; the message names the operation, the file and the system's error.</summary>
public class DiskException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No space is left, or the quota is used up. The operation may be tried again once there is space.</summary>
public sealed class DiskFullException(string message, Exception? inner = null) : DiskException(message, inner);

/// <summary>A sync failed: what was written since the last good one may be lost. The process must stop.</summary>
public sealed class DiskSyncException(string message, Exception? inner = null) : DiskException(message, inner);
