using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>A command of this node's own API that is passed to the owners in turn until one answers.</summary>
internal sealed class Relay(long commandId, Command command, NodeId[] owners, long begunTicks)
{
    public long CommandId => commandId;
    public Command Command => command;
    public NodeId[] Owners { get; set; } = owners;
    public int Next { get; set; }
    public NodeId? Asked { get; set; }
    public bool IsRefused { get; set; }
    public long BegunTicks => begunTicks;
    public long AskedTicks { get; set; }
    public SortedSet<NodeId> Strangers { get; } = [];
}
