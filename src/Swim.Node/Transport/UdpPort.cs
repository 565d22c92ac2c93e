using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Swim.Node.Hosting;
using Swim.Node.Observability;

namespace Swim.Node.Transport;

/// <summary>The membership protocol's socket. Sends never wait; a name is resolved in the background, and packets to it are dropped until then.</summary>
internal sealed class UdpPort : IDisposable
{
    /// <summary>No packet of ours is longer; a longer one is cut, and then refused by the core.</summary>
    private const int PacketBytesMax = 2_048;

    private static readonly TimeSpan ResolveAgainAfter = TimeSpan.FromSeconds(30);
    private readonly Socket _socket;
    private readonly Counters _counters;
    private readonly PeerMetrics _metrics;
    private readonly ConcurrentDictionary<(string Host, int Port), (SocketAddress? Address, long Ticks)> _addresses = new();
    private Thread? _thread;
    private volatile bool _isStopping;

    public UdpPort(IPAddress bind, int port, Counters counters, PeerMetrics metrics)
    {
        (_counters, _metrics) = (counters, metrics);
        _socket = new Socket(bind.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(bind, port));
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>Gives every packet to <paramref name="onPacket"/>, on the receiving thread.</summary>
    public void Start(Action<ReadOnlyMemory<byte>> onPacket)
    {
        _thread = new Thread(() => Receive(onPacket)) { IsBackground = true, Name = "swim-udp", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    public void Send(string host, int port, ReadOnlyMemory<byte> packet)
    {
        if (Resolve(host, port) is not { } address) return;
        try
        {
            _socket.SendTo(packet.Span, SocketFlags.None, address);
            _metrics.PacketSent(packet.Length);
        }
        catch (SocketException)
        {
            _counters.Add("udp_send_failures");
        }
        catch (ObjectDisposedException) when (_isStopping)
        {
            // A farewell after the end reaches nobody.
        }
    }

    public void Dispose()
    {
        _isStopping = true;
        _socket.Dispose();
        _thread?.Join();
    }

    private void Receive(Action<ReadOnlyMemory<byte>> onPacket)
    {
        var buffer = new byte[PacketBytesMax];
        while (!_isStopping)
        {
            try
            {
                var length = _socket.Receive(buffer);
                _metrics.PacketReceived(length);
                onPacket(buffer.AsSpan(0, length).ToArray());
            }
            catch (SocketException)
            {
                // An ICMP answer to an earlier send, or the end.
                if (!_isStopping) _counters.Add("udp_receive_failures");
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private SocketAddress? Resolve(string host, int port)
    {
        var now = HostClock.Now;
        if (_addresses.TryGetValue((host, port), out var known) && (IPAddress.TryParse(host, out _) || now.Since(known.Ticks) < ResolveAgainAfter)) return known.Address;
        if (IPAddress.TryParse(host, out var ip))
        {
            _addresses[(host, port)] = (new IPEndPoint(ip, port).Serialize(), now.Ticks);
            return _addresses[(host, port)].Address;
        }

        _addresses[(host, port)] = (known.Address, now.Ticks);
        _ = ResolveAsync(host, port);
        return known.Address;
    }

    private async Task ResolveAsync(string host, int port)
    {
        try
        {
            var found = await Dns.GetHostAddressesAsync(host, _socket.AddressFamily).ConfigureAwait(false);
            if (found.Length > 0) _addresses[(host, port)] = (new IPEndPoint(found[0], port).Serialize(), HostClock.Now.Ticks);
        }
        catch (SocketException)
        {
            _counters.Add("udp_resolve_failures");
        }
    }
}
