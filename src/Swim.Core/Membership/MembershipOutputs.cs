using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>Send one packet by UDP; it may be lost, doubled or late.</summary>
/// <param name="Host">Name or address, as the member announced it.</param>
/// <param name="UdpPort">Its UDP port.</param>
/// <param name="Packet">At most 1,400 bytes.</param>
public sealed record SendDatagram(string Host, int UdpPort, ReadOnlyMemory<byte> Packet) : Output;

/// <summary>
/// Call push-pull at <paramref name="Address"/> and hand the answer to <see cref="MembershipCore.OnPushPullReply"/> or the failure to
/// <see cref="MembershipCore.OnPushPullFailed"/>, with the same address.
/// </summary>
/// <param name="Address">Host and gRPC port, a member's or a seed's; the host resolves the name each time and may try all it resolves to.</param>
/// <param name="Body">The request.</param>
public sealed record SendPushPull(string Address, ReadOnlyMemory<byte> Body) : Output;

/// <summary>Answer the push-pull request, or the ping over gRPC, that came with <paramref name="RequestId"/>.</summary>
public sealed record AnswerPushPull(long RequestId, ReadOnlyMemory<byte> Body) : Output;

/// <summary>End the push-pull request, or the ping over gRPC, that came with <paramref name="RequestId"/> with an error: it was dropped, nothing changed.</summary>
public sealed record RefusePushPull(long RequestId, RejectReason Reason) : Output;

/// <summary>Something about the members changed; at most one in each call.</summary>
public sealed record MembersChanged(MembersSnapshot Snapshot) : Output;

/// <summary>Save all known members, the dead too, so that a start without seeds finds the others: <see cref="KnownMembers"/> makes bytes of it.</summary>
public sealed record PersistKnown(MembersSnapshot Snapshot) : Output;

/// <summary>Save this as the own epoch: the peers knew of a higher one than the data directory did.</summary>
public sealed record PersistEpoch(ulong Epoch) : Output;

/// <summary>
/// The others hold that this node left or was removed, which it did not say itself: nothing of its state may be used any more. The host
/// sets its state aside and starts it anew, as a newcomer with the same id. Given again until that is so.
/// </summary>
/// <param name="Epoch">Up to which of its boot counters.</param>
public sealed record DeclaredLeft(ulong Epoch) : Output;

/// <summary>The node may serve: it has nobody to wait for, was a member before, or another member answered. Once in a life.</summary>
public sealed record Ready : Output;

/// <summary>A member was seen for the first time, or came back with a new epoch.</summary>
public sealed record MemberJoined(NodeId Id, string Name, ulong Epoch) : Notice;

/// <summary>A member did not answer, or somebody said so.</summary>
public sealed record MemberSuspected(NodeId Id, string Name, ulong Incarnation) : Notice;

/// <summary>A member is held dead from now on.</summary>
public sealed record MemberDied(NodeId Id, string Name, ulong Incarnation) : Notice;

/// <summary>A member that was <paramref name="Was"/> (Suspect or Dead) answered with a higher incarnation.</summary>
public sealed record MemberRefuted(NodeId Id, string Name, ulong Incarnation, MemberState Was) : Notice;

/// <summary>A probe of a live member was answered <paramref name="Took"/> after its first ping, directly or through a helper. Not for people: one each period.</summary>
public sealed record ProbeAnswered(NodeId Id, TimeSpan Took) : Notice;

/// <summary>A member answered a ping by UDP, itself and in time, after <paramref name="Took"/>. Not for people: one each period.</summary>
public sealed record RoundTripMeasured(NodeId Id, TimeSpan Took) : Notice;

/// <summary>A member left for good.</summary>
public sealed record MemberLeft(NodeId Id, string Name) : Notice;

/// <summary>A member was removed by an operator; it no longer counts, and is not shown.</summary>
public sealed record MemberForgotten(NodeId Id, string Name, ulong Epoch) : Notice;

/// <summary>Somebody held this node for <paramref name="Told"/>; it raised its incarnation.</summary>
public sealed record AccusationRefuted(MemberState Told, ulong Incarnation) : Notice;

/// <summary>The peers knew a higher epoch of this node, or that it had left; it goes on with a new one.</summary>
public sealed record EpochAdopted(ulong Epoch) : Notice;

/// <summary>Two processes use one node id, as after copying a data directory: one must be stopped and given a fresh directory.</summary>
public sealed record IdentityConflict(NodeId Id, string Address, string OtherAddress) : Notice;

/// <summary>The own loop was late by <paramref name="By"/>; suspicions that ran meanwhile start anew.</summary>
public sealed record LoopWasLate(TimeSpan By) : Notice;

/// <summary>Wall time jumped by <paramref name="By"/> against monotonic time; suspicions that ran meanwhile start anew.</summary>
public sealed record ClocksJumped(TimeSpan By) : Notice;

/// <summary>Nobody at all was heard of for <paramref name="For"/>: this node takes itself for deaf and accuses nobody for a while.</summary>
public sealed record HearsNobody(TimeSpan For) : Notice;

/// <summary>A member seemed silent, or its suspicion had run out, and this node doubts itself: it looks again before it says so.</summary>
public sealed record VoteWithheld(NodeId Id, string Name, DoubtReason Reason) : Notice;

/// <summary>Something was dropped; said at the 1st, 2nd, 4th, 8th… of each reason.</summary>
public sealed record InputRejected(RejectReason Reason, long Count) : Notice;
