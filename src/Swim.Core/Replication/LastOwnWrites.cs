using MessagePack;

namespace Swim.Core.Replication;

/// <summary>The last own write of each bucket that was dropped: its context went with it, and no number is used twice.</summary>
internal sealed class LastOwnWrites
{
    private readonly SortedDictionary<(ulong Writer, int Bucket), ulong> _seqs = [];

    /// <summary>True when there is none.</summary>
    public bool IsEmpty => _seqs.Count == 0;

    /// <summary>Its number; 0 for none.</summary>
    public ulong Of(ulong writer, int bucket) => _seqs.GetValueOrDefault((writer, bucket));

    /// <summary>There was one with that number, 0 for none; it never falls.</summary>
    public void Keep(ulong writer, int bucket, ulong seq)
    {
        if (seq > Of(writer, bucket)) _seqs[(writer, bucket)] = seq;
    }

    /// <summary>Forgets all: what comes is written under another id.</summary>
    public void Clear() => _seqs.Clear();

    /// <summary>Writes those of a writer: <c>[bucket, seq, ...]</c>.</summary>
    public void Write(ref MessagePackWriter writer, ulong of)
    {
        var own = _seqs.Where(entry => entry.Key.Writer == of).ToList();
        writer.WriteArrayHeader(own.Count * 2);
        foreach (var (key, seq) in own)
        {
            writer.Write(key.Bucket);
            writer.Write(seq);
        }
    }
}
