using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Swim.Node.Configuration;

namespace Swim.Node.Hosting;

/// <summary>Under which host the others reach this node.</summary>
internal static class Advertised
{
    /// <summary>What was set, else the address it listens on, else the machine's first that is not loopback, else its name.</summary>
    public static string HostOf(NodeOptions options)
    {
        if (options.Advertise is { } advertise) return advertise;
        var bind = IPAddress.Parse(options.Bind);
        return bind.Equals(IPAddress.Any) || bind.Equals(IPAddress.IPv6Any) ? FirstOf(bind.AddressFamily) ?? Dns.GetHostName() : options.Bind;
    }

    private static string? FirstOf(AddressFamily family) => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static port => port.OperationalStatus == OperationalStatus.Up && port.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static port => port.GetIPProperties().UnicastAddresses)
        .Select(static unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == family && !address.IsIPv6LinkLocal)?.ToString();
}
