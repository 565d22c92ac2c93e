using System.Net;
using System.Net.Sockets;

namespace Swim.Node.Workers.Http;

/// <summary>
/// Which addresses <c>http:get</c> and <c>http:post</c> may connect to: every public one, and those in the ranges that the operator
/// allows. An address that holds an IPv4 address (mapped, NAT64, 6to4) is judged by that one.
/// </summary>
internal sealed class HttpAccess(IReadOnlyList<IPNetwork> allowed)
{
    private static readonly IPNetwork[] Refused =
    [
        // "This network", private, carrier-grade NAT, loopback, link-local, special use, benchmarking, multicast, reserved: RFC 6890.
        .. Networks("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4"),
        // Looks public, and answers every machine in Azure with what is meant for that machine alone.
        .. Networks("168.63.129.16/32"),
        // Within the global unicast range: protocol assignments, Teredo among them.
        .. Networks("2001::/23"),
    ];

    // All that is handed out for the public network; the rest of IPv6 is local, reserved or a notation of something else.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>True when a connection to <paramref name="address"/> may be opened.</summary>
    public bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IsIn(allowed, plain)) return true;
        return Embedded(plain) is { } inner ? IsIn(allowed, inner) || IsPublic(inner) : IsPublic(plain);
    }

    private static bool IsPublic(IPAddress address) =>
        !IsIn(Refused, address) && (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address));

    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return null;
        var bytes = address.GetAddressBytes();
        if (SixToFour.Contains(address)) return new IPAddress(bytes.AsSpan(2, 4));
        return Nat64.Contains(address) ? new IPAddress(bytes.AsSpan(12, 4)) : null;
    }

    private static bool IsIn(IReadOnlyList<IPNetwork> networks, IPAddress address) => networks.Any(network => network.Contains(address));

    private static IEnumerable<IPNetwork> Networks(string list) => list.Split(' ').Select(IPNetwork.Parse);
}
