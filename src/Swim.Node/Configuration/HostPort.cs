using System.Globalization;
using System.Net;

namespace Swim.Node.Configuration;

/// <summary>A name or address with a TCP port; an IPv6 address is written in brackets.</summary>
/// <param name="Host">Without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>Reads <c>HOST</c>, <c>HOST:PORT</c>, <c>[V6]</c>, <c>[V6]:PORT</c> or a bare IPv6 address.</summary>
    public static bool TryParse(string text, int defaultPort, out HostPort address)
    {
        address = new HostPort(text, defaultPort);
        if (IPAddress.TryParse(text, out var bare) && bare.ToString().Contains(':', StringComparison.Ordinal) && text[0] != '[') return true;
        var colon = text.LastIndexOf(':');
        var host = colon > text.LastIndexOf(']') ? text[..colon] : text;
        if (host.Length < text.Length && !TryPort(text.AsSpan(host.Length + 1), ref defaultPort)) return false;
        address = new HostPort(host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host, defaultPort);
        return IsHost(address.Host);
    }

    /// <summary>True for an IP address or what may be a DNS name.</summary>
    public static bool IsHost(string host) => Uri.CheckHostName(host) != UriHostNameType.Unknown;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private static bool TryPort(ReadOnlySpan<char> text, ref int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
}
