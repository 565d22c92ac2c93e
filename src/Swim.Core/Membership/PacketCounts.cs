namespace Swim.Core.Membership;

/// <summary>What went out or came in of one kind of message.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Packets">How many packets.</param>
/// <param name="Bytes">Their bytes, seals included.</param>
public sealed record PacketCount(SwimMessageKind Kind, long Packets, long Bytes);

/// <summary>Counts packets by the kind of their message: those that could be read. Owned by one loop.</summary>
public sealed class PacketCounts
{
    private readonly long[] _packets = new long[Enum.GetValues<SwimMessageKind>().Length];
    private readonly long[] _bytes = new long[Enum.GetValues<SwimMessageKind>().Length];

    /// <summary>An independent copy, in the order of <see cref="SwimMessageKind"/>.</summary>
    public IReadOnlyList<PacketCount> Snapshot() => [.. Enum.GetValues<SwimMessageKind>().Select(kind => new PacketCount(kind, _packets[(int)kind], _bytes[(int)kind]))];

    internal void Count(SwimMessageKind kind, int bytes)
    {
        _packets[(int)kind]++;
        _bytes[(int)kind] += bytes;
    }
}
