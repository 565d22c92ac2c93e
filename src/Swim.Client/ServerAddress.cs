using System.Globalization;

namespace Swim.Client;

/// <summary>Where a node answers: a host name or IP address and its gRPC port.</summary>
/// <param name="Host">Without brackets, also for an IPv6 address.</param>
/// <param name="Port">1 to 65535.</param>
public readonly record struct ServerAddress(string Host, int Port)
{
    /// <summary>The gRPC port where an address names none: 7400.</summary>
    public const int DefaultPort = 7400;

    /// <summary>For gRPC: clear text over HTTP/2.</summary>
    public Uri Uri => new($"http://{this}");

    /// <summary>True when it can be connected to: a host name or IP address, and a port.</summary>
    public bool IsValid => Host is not null && Port is > 0 and <= ushort.MaxValue && System.Uri.CheckHostName(Host) != UriHostNameType.Unknown;

    /// <summary>Reads <c>HOST</c>, <c>HOST:PORT</c>, <c>[V6]</c> or <c>[V6]:PORT</c>.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static ServerAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no address: write HOST or HOST:PORT.");
    }

    /// <summary>Reads <c>HOST</c>, <c>HOST:PORT</c>, <c>[V6]</c> or <c>[V6]:PORT</c>; false when it is none of them.</summary>
    public static bool TryParse(string text, out ServerAddress address)
    {
        text = text.Trim();
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']');
        var host = hasPort ? text[..colon] : text;
        address = new ServerAddress(host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host, DefaultPort);
        if (hasPort)
        {
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
            address = address with { Port = port };
        }

        var isBareV6 = address.Host.Length == host.Length && host.Contains(':', StringComparison.Ordinal);
        return !isBareV6 && address.IsValid;
    }

    /// <summary>Reads addresses separated by commas, at least one.</summary>
    /// <exception cref="FormatException">One is wrong, or there is none.</exception>
    public static IReadOnlyList<ServerAddress> ParseList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParseList(text, out var addresses, out var faulty) ? addresses : throw new FormatException($"'{faulty}' is no address: write HOST or HOST:PORT, several separated by commas.");
    }

    /// <summary>Reads addresses separated by commas; false, naming the faulty one, when one is wrong or there is none.</summary>
    public static bool TryParseList(string text, out IReadOnlyList<ServerAddress> addresses, out string faulty)
    {
        var list = new List<ServerAddress>();
        addresses = list;
        faulty = text;
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            faulty = item;
            if (!TryParse(item, out var address)) return false;
            list.Add(address);
        }

        return list.Count > 0;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host?.Contains(':', StringComparison.Ordinal) == true ? $"[{Host}]" : Host)}:{Port}");
}
