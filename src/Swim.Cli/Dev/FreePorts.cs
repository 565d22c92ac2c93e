using System.Net;
using System.Net.Sockets;

namespace Swim.Cli.Dev;

/// <summary>Looks whether ports can be had before anything is started: a message about all of them is worth more than the first node's failure.</summary>
internal static class FreePorts
{
    /// <summary>Those of <paramref name="ports"/> that something on this machine listens on at loopback, by TCP or UDP.</summary>
    public static IReadOnlyList<int> Taken(IReadOnlyList<int> ports) =>
        [.. ports.Where(static port => !CanBind(port, SocketType.Stream, ProtocolType.Tcp) || !CanBind(port, SocketType.Dgram, ProtocolType.Udp))];

    private static bool CanBind(int port, SocketType type, ProtocolType protocol)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            if (type == SocketType.Stream) socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
