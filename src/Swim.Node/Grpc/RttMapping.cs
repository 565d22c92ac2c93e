using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>Shows how far members are from one another, by what one node knows.</summary>
/// <param name="self">That node.</param>
/// <param name="own">Where it stands.</param>
/// <param name="peers">What it measured of the others, and where they stand.</param>
/// <param name="now">The time of that.</param>
internal sealed class RttMapping(NodeId self, Coordinate own, IReadOnlyDictionary<NodeId, PeerDistance> peers, Now now)
{
    /// <summary>The way between two members, which may be the same.</summary>
    public MemberRtt ToProto(MemberRecord from, MemberRecord to)
    {
        var (one, other) = (PlaceOf(from.Id), PlaceOf(to.Id));
        var measured = MeasureOf(from.Id, to.Id);
        return new MemberRtt
        {
            FromNodeId = from.Id.ToString(),
            FromName = from.Meta.Name,
            NodeId = to.Id.ToString(),
            Name = to.Meta.Name,
            State = ProtoMapping.ToProto(to.State),
            Zone = to.Meta.Zone,
            EstimateUs = from.Id == to.Id ? 0 : one is null || other is null ? -1 : (long)one.DistanceTo(other).TotalMicroseconds,
            ErrorPercent = from.Id == to.Id || one is null || other is null ? 0 : (int)Math.Ceiling(100 * Math.Max(one.Error, other.Error)),
            MeasuredUs = measured is null ? -1 : (long)measured.Latest.TotalMicroseconds,
            MeasuredAgoMs = measured is null ? -1 : (long)now.Since(measured.MeasuredTicks).TotalMilliseconds,
        };
    }

    private Coordinate? PlaceOf(NodeId id) => id == self ? own : peers.GetValueOrDefault(id)?.Coordinate;

    private PeerDistance? MeasureOf(NodeId one, NodeId other) => one == self ? peers.GetValueOrDefault(other) : other == self ? peers.GetValueOrDefault(one) : null;
}
