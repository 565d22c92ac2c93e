using System.Text;

namespace Swim.Core.Membership;

/// <summary>
/// What a member says of itself besides being there. It belongs to one (epoch, incarnation): a change raises the incarnation.
/// </summary>
/// <param name="Name">For people; need not be unique. Not empty.</param>
/// <param name="Host">Name or address under which the others reach it. Not empty.</param>
/// <param name="GrpcPort">TCP port of the peers' and clients' gRPC.</param>
/// <param name="HttpPort">TCP port of HTTP; 0 means none.</param>
/// <param name="UdpPort">UDP port of the membership protocol.</param>
/// <param name="Zone">Where it stands; replicas are spread over zones. May be empty.</param>
/// <param name="Slots">How many tasks it runs at once; 0 means none.</param>
public sealed record MemberMeta(string Name, string Host, int GrpcPort, int HttpPort, int UdpPort, string Zone, int Slots)
{
    /// <summary>The longest string, in bytes of UTF-8.</summary>
    public const int StringBytesMax = 255;

    /// <summary>The longest encoded form, in bytes: two such records fit into one packet.</summary>
    public const int BytesMax = 512;

    /// <summary>The most slots a member may announce.</summary>
    public const int SlotsMax = 1_000_000;

    /// <summary>What else the member can run than what every node can: words apart by single spaces. Empty: nothing. Words that a reader does not know are kept.</summary>
    public string Capabilities { get; init; } = "";

    /// <summary>True while it takes no new tasks; it holds state and answers as ever.</summary>
    public bool IsDraining { get; init; }

    /// <summary>True while it hands its state over to the others, to leave for good: it owns nothing any more. It drains too.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The boot counter of the life in which its present state began: 0 where it never had to begin anew. See <see cref="MembershipCore.OnRemovals"/>.</summary>
    public ulong StateSince { get; init; }

    /// <summary>The address of its gRPC port; an IPv6 address stands in brackets.</summary>
    public string GrpcAddress => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{GrpcPort}" : $"{Host}:{GrpcPort}";

    /// <summary>All that is wrong with it; nothing when it may be announced.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var (name, text, mayBeEmpty) in Strings())
        {
            if (text.Length == 0 && !mayBeEmpty) yield return $"{name} must not be empty.";
            if (Encoding.UTF8.GetByteCount(text) > StringBytesMax) yield return $"{name} must not exceed {StringBytesMax} bytes.";
            if (text.Any(char.IsControl)) yield return $"{name} must not contain control characters.";
        }

        if (GrpcPort is < 1 or > 65535) yield return $"{nameof(GrpcPort)} ({GrpcPort}) must be 1 to 65535.";
        if (HttpPort is < 0 or > 65535) yield return $"{nameof(HttpPort)} ({HttpPort}) must be 0 to 65535.";
        if (UdpPort is < 1 or > 65535) yield return $"{nameof(UdpPort)} ({UdpPort}) must be 1 to 65535.";
        if (Slots is < 0 or > SlotsMax) yield return $"{nameof(Slots)} ({Slots}) must be 0 to {SlotsMax}.";
        if (RecordCodec.EncodeMeta(this).Length > BytesMax) yield return $"All of it together must not exceed {BytesMax} bytes.";
    }

    /// <summary>True when the member announces <paramref name="capability"/>.</summary>
    public bool Has(string capability) => CapabilityList().Contains(capability, StringComparer.Ordinal);

    /// <summary>The words of <see cref="Capabilities"/>.</summary>
    public string[] CapabilityList() => Capabilities.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>True when both are reached at the same place.</summary>
    public bool HasAddressOf(MemberMeta other) => Host == other.Host && UdpPort == other.UdpPort && GrpcPort == other.GrpcPort;

    /// <summary>A total order without meaning; it only makes two nodes choose alike between contradictory records.</summary>
    internal static int Compare(MemberMeta left, MemberMeta right) =>
        RecordCodec.EncodeMeta(left).AsSpan().SequenceCompareTo(RecordCodec.EncodeMeta(right));

    private IEnumerable<(string Name, string Text, bool MayBeEmpty)> Strings() =>
        [(nameof(Name), Name, false), (nameof(Host), Host, false), (nameof(Zone), Zone, true), (nameof(Capabilities), Capabilities, true)];
}
