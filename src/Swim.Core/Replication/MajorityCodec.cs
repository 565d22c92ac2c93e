using MessagePack;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>Bytes of the messages about leases. Reading throws <see cref="MessagePackSerializationException"/>.</summary>
internal static class MajorityCodec
{
    public static void Write(ref MessagePackWriter writer, MajorityAsk ask)
    {
        writer.Write(ask.Round);
        writer.WriteArrayHeader(ask.Leases.Count);
        foreach (var lease in ask.Leases) Write(ref writer, lease);
    }

    public static void Write(ref MessagePackWriter writer, MajorityVotes votes)
    {
        writer.Write(votes.Round);
        writer.WriteArrayHeader(votes.Votes.Count);
        foreach (var vote in votes.Votes)
        {
            writer.WriteArrayHeader(4);
            PeerCodec.WriteAttempt(ref writer, vote.Attempt);
            writer.Write((byte)vote.Verdict);
            writer.Write(vote.Holder);
            writer.Write(vote.RemainingMs);
        }
    }

    public static MajorityAsk ReadAsk(ref MessagePackReader reader)
    {
        var round = reader.ReadUInt64();
        var leases = new AskedLease[Count(ref reader, MajorityAsk.LeasesMax)];
        for (var i = 0; i < leases.Length; i++) leases[i] = ReadLease(ref reader);
        return new MajorityAsk(round, leases);
    }

    public static MajorityVotes ReadVotes(ref MessagePackReader reader)
    {
        var round = reader.ReadUInt64();
        var votes = new LeaseVote[Count(ref reader, MajorityAsk.LeasesMax)];
        for (var i = 0; i < votes.Length; i++) votes[i] = ReadVote(ref reader);
        return new MajorityVotes(round, votes);
    }

    private static void Write(ref MessagePackWriter writer, AskedLease lease)
    {
        writer.WriteArrayHeader(4);
        PeerCodec.WriteAttempt(ref writer, lease.Attempt);
        writer.WriteArrayHeader(lease.Ended.Count);
        foreach (var token in lease.Ended) writer.Write(token);
        writer.WriteArrayHeader(lease.Voters.Count);
        foreach (var voter in lease.Voters) writer.Write(voter.Value);
        writer.Write(lease.Counting);
    }

    private static AskedLease ReadLease(ref MessagePackReader reader)
    {
        Expect(reader.ReadArrayHeader() == 4);
        var attempt = PeerCodec.ReadAttempt(ref reader);
        var ended = new ulong[Count(ref reader, AskedLease.EndedMax)];
        for (var i = 0; i < ended.Length; i++) ended[i] = reader.ReadUInt64();
        var voters = new NodeId[Count(ref reader, DefinitionValue.VotersMax)];
        for (var i = 0; i < voters.Length; i++) voters[i] = new NodeId(reader.ReadUInt64());
        return new AskedLease(attempt, ended, voters, reader.ReadUInt64());
    }

    private static LeaseVote ReadVote(ref MessagePackReader reader)
    {
        Expect(reader.ReadArrayHeader() == 4);
        var attempt = PeerCodec.ReadAttempt(ref reader);
        var verdict = (VoteVerdict)reader.ReadByte();
        Expect(verdict is >= VoteVerdict.Granted and <= VoteVerdict.Ahead);
        var vote = new LeaseVote(attempt, verdict, reader.ReadUInt64(), reader.ReadInt64());
        Expect(vote.RemainingMs is >= 0 and <= MajorityTiming.RemainingMsMax);
        return vote;
    }

    private static int Count(ref MessagePackReader reader, int max)
    {
        var count = reader.ReadArrayHeader();
        Expect(count <= max);
        return count;
    }

    private static void Expect(bool condition)
    {
        if (!condition) throw new MessagePackSerializationException("Not a message about leases.");
    }
}
