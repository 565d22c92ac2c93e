using Swim.Core.Primitives;

namespace Swim.Simulation.Disk;

/// <summary>The bytes of one file: what a reader sees now, what is durable, and the changes in between.</summary>
internal sealed class SimFileContent
{
    private const int SectorBytes = 512;

    private readonly List<Change> _unsynced = [];
    private byte[] _bytes;
    private byte[] _durable;

    /// <summary>An empty file.</summary>
    public SimFileContent()
        : this(ReadOnlyMemory<byte>.Empty)
    {
    }

    /// <summary>A file with these bytes, durable.</summary>
    public SimFileContent(ReadOnlyMemory<byte> bytes) => (_bytes, _durable) = (bytes.ToArray(), bytes.ToArray());

    /// <summary>A copy of what is durable.</summary>
    public ReadOnlyMemory<byte> Durable => _durable.ToArray();

    /// <summary>Length as a reader sees it.</summary>
    public long Length => _bytes.Length;

    /// <summary>Copies what a reader sees.</summary>
    public int Read(long offset, Span<byte> destination)
    {
        var count = (int)Math.Clamp(_bytes.Length - offset, 0, destination.Length);
        _bytes.AsSpan((int)Math.Min(offset, _bytes.Length), count).CopyTo(destination);
        return count;
    }

    /// <summary>Changes what a reader sees.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var change = new Change((int)offset, bytes.ToArray(), null);
        change.ApplyTo(ref _bytes);
        _unsynced.Add(change);
    }

    /// <summary>Changes the length a reader sees.</summary>
    public void Truncate(long length)
    {
        var change = new Change(0, [], (int)length);
        change.ApplyTo(ref _bytes);
        _unsynced.Add(change);
    }

    /// <summary>Makes durable what a reader sees.</summary>
    public void Sync()
    {
        foreach (var change in _unsynced) change.ApplyTo(ref _durable);
        _unsynced.Clear();
    }

    /// <summary>Keeps of each unsynced change all, a part or nothing.</summary>
    public void Crash(Prng prng)
    {
        foreach (var change in _unsynced) Survive(change, prng);
        _unsynced.Clear();
        _bytes = [.. _durable];
    }

    /// <summary>Flips one durable bit.</summary>
    public void FlipBit(long offset, int bit)
    {
        Invariant.Holds(_unsynced.Count == 0, "only what is durable decays");
        _bytes[offset] ^= (byte)(1 << bit);
        _durable[offset] ^= (byte)(1 << bit);
    }

    private void Survive(Change change, Prng prng)
    {
        switch (prng.Next(4))
        {
            case 0:
                break;
            case 1:
                change.ApplyTo(ref _durable);
                break;
            case 2 when change.Bytes.Length > 0:
                (change with { Bytes = change.Bytes[..prng.Next(change.Bytes.Length)] }).ApplyTo(ref _durable);
                break;
            default:
                SurviveBySectors(change, prng);
                break;
        }
    }

    // Sectors reach the medium in any order, so any subset of them may have.
    private void SurviveBySectors(Change change, Prng prng)
    {
        if (change.Length is not null && prng.Chance(500)) change.ApplyTo(ref _durable);
        for (var start = 0; start < change.Bytes.Length;)
        {
            var at = change.Offset + start;
            var length = Math.Min(SectorBytes - (at % SectorBytes), change.Bytes.Length - start);
            if (prng.Chance(500)) new Change(at, change.Bytes[start..(start + length)], null).ApplyTo(ref _durable);
            start += length;
        }
    }

    /// <summary>A write of <paramref name="Bytes"/> at <paramref name="Offset"/>, or a new <paramref name="Length"/>.</summary>
    private sealed record Change(int Offset, byte[] Bytes, int? Length)
    {
        public void ApplyTo(ref byte[] content)
        {
            var length = Length ?? Math.Max(content.Length, Bytes.Length == 0 ? 0 : Offset + Bytes.Length);
            if (length != content.Length) Array.Resize(ref content, length);
            Bytes.CopyTo(content, Bytes.Length == 0 ? 0 : Offset);
        }
    }
}
