using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// What one node knows of a member. Records of one member are totally ordered; the greater is the newer knowledge.
/// </summary>
/// <param name="Id">The member.</param>
/// <param name="Epoch">Its boot counter, persisted by it and raised at every start.</param>
/// <param name="Incarnation">Its refutation counter within the epoch.</param>
/// <param name="State">What is believed of it.</param>
/// <param name="Meta">What it said of itself at that epoch and incarnation.</param>
public sealed record MemberRecord(NodeId Id, ulong Epoch, ulong Incarnation, MemberState State, MemberMeta Meta)
{
    // Told far more often than made: to each of many peers, and compared with what each of them tells.
    private Encoded? _encoded;

    // Without what was derived: the copy is about to differ.
    private MemberRecord(MemberRecord other) =>
        (Id, Epoch, Incarnation, State, Meta) = (other.Id, other.Epoch, other.Incarnation, other.State, other.Meta);

    private sealed record Encoded(byte[] Bytes, int MetaAt, ulong Hash)
    {
        public ReadOnlySpan<byte> Meta => Bytes.AsSpan(MetaAt);
    }

    /// <summary>The ordered part.</summary>
    public Standing Standing => new(Epoch, Incarnation, State);

    /// <summary>True for a member that takes part: Alive or Suspect.</summary>
    public bool IsLive => State is MemberState.Alive or MemberState.Suspect;

    /// <summary>Its encoded form; not to be written to.</summary>
    internal byte[] Bytes => Encode().Bytes;

    /// <summary>The encoded form of its metadata.</summary>
    internal ReadOnlySpan<byte> MetaBytes => Encode().Meta;

    /// <summary>The hash of its encoded form.</summary>
    internal ulong Hash => Encode().Hash;

    /// <summary>
    /// True when <paramref name="rumour"/> must replace this record. Metadata decides only between two records that contradict each
    /// other, as two processes with one identity make them.
    /// </summary>
    public bool IsSupersededBy(MemberRecord rumour) =>
        Standing == rumour.Standing ? Meta != rumour.Meta && MemberMeta.Compare(Meta, rumour.Meta) < 0 : Standing.IsBelow(rumour.Standing);

    /// <summary>True when both say the same.</summary>
    public bool Equals(MemberRecord? other) => other is not null && Id == other.Id && Standing == other.Standing && Meta == other.Meta;

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((int)(Id.Value ^ (Id.Value >> 32) ^ Incarnation));

    private Encoded Encode()
    {
        if (_encoded is { } known) return known;
        var bytes = RecordCodec.Encode(this, out var metaAt);
        return _encoded = new Encoded(bytes, metaAt, StableHash.Of(bytes));
    }
}
