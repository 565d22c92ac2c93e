using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>The last write of one writer in a workflow.</summary>
/// <param name="Actor">The writer id.</param>
/// <param name="Seq">Its number of the write.</param>
/// <param name="Node">Whose writer id that is: its disk had the write before anybody heard of it.</param>
/// <param name="Version">The <see cref="Bucket.Version"/> as of which all its writes that are here were here.</param>
internal readonly record struct LastWrite(ulong Actor, ulong Seq, NodeId Node, long Version);
