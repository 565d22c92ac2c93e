using System.Diagnostics.Metrics;
using Swim.Core.Replication;

namespace Swim.Node.Observability;

/// <summary>
/// What passes between nodes: frames of state and tasks, by the kind of their message, and the packets of membership. Its labels are
/// the names of our own types.
/// </summary>
internal sealed class PeerMetrics(Meter meter)
{
    private const string Malformed = nameof(Malformed);
    private readonly Counter<long> _framesSent = meter.CreateCounter<long>("swim_peer_frames_sent_total", description: "Frames queued for other nodes, by kind.");
    private readonly Counter<long> _bytesSent = meter.CreateCounter<long>("swim_peer_sent_bytes_total", description: "Bytes of frames queued for other nodes, by kind.");
    private readonly Counter<long> _framesReceived = meter.CreateCounter<long>("swim_peer_frames_received_total", description: "Frames of other nodes, by kind.");
    private readonly Counter<long> _bytesReceived = meter.CreateCounter<long>("swim_peer_received_bytes_total", description: "Bytes of frames of other nodes, by kind.");
    private readonly Counter<long> _repairedCells = meter.CreateCounter<long>("swim_repair_received_cells_total", description: "Cells that came by repair, not by push.");
    private readonly Counter<long> _packetsSent = meter.CreateCounter<long>("swim_udp_packets_sent_total", description: "Packets of membership sent.");
    private readonly Counter<long> _packetBytesSent = meter.CreateCounter<long>("swim_udp_sent_bytes_total", description: "Bytes of packets of membership sent.");
    private readonly Counter<long> _packetsReceived = meter.CreateCounter<long>("swim_udp_packets_received_total", description: "Packets that came to the UDP port.");
    private readonly Counter<long> _packetBytesReceived = meter.CreateCounter<long>("swim_udp_received_bytes_total", description: "Bytes of packets that came to the UDP port.");

    public void BeginAtZero()
    {
        foreach (var counter in new[] { _repairedCells, _packetsSent, _packetBytesSent, _packetsReceived, _packetBytesReceived }) counter.Add(0);
    }

    public void FrameSent(PeerMessage message, int bytes)
    {
        var kind = NodeMetrics.Label("kind", message.GetType().Name);
        _framesSent.Add(1, kind);
        _bytesSent.Add(bytes, kind);
    }

    /// <summary>A frame came; null when it could not be read.</summary>
    public void FrameReceived(PeerMessage? message, int bytes)
    {
        var kind = NodeMetrics.Label("kind", message?.GetType().Name ?? Malformed);
        _framesReceived.Add(1, kind);
        _bytesReceived.Add(bytes, kind);
        if (message is RepairCells or PeerBatch) _repairedCells.Add(PeerBatch.PartsOf(message).Sum(static part => part is RepairCells repair ? repair.Frame.Cells.Count : 0));
    }

    public void PacketSent(int bytes)
    {
        _packetsSent.Add(1);
        _packetBytesSent.Add(bytes);
    }

    public void PacketReceived(int bytes)
    {
        _packetsReceived.Add(1);
        _packetBytesReceived.Add(bytes);
    }
}
