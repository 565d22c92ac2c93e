using System.ComponentModel;

namespace System.IO.Hashing;

/// <summary>A hash fed piece by piece. It finds accidents and spreads keys; it resists no attacker.</summary>
public abstract class NonCryptographicHashAlgorithm
{
    /// <summary>A hash of a fixed length, in bytes, of at least 1.</summary>
    protected NonCryptographicHashAlgorithm(int hashLengthInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hashLengthInBytes, 1);
        HashLengthInBytes = hashLengthInBytes;
    }

    /// <summary>Bytes of the hash.</summary>
    public int HashLengthInBytes { get; }

    /// <summary>Feeds bytes.</summary>
    public abstract void Append(ReadOnlySpan<byte> source);

    /// <summary>Forgets all that was fed.</summary>
    public abstract void Reset();

    /// <summary>Writes the hash of what was fed so far, changing nothing.</summary>
    protected abstract void GetCurrentHashCore(Span<byte> destination);

    /// <summary>Feeds bytes.</summary>
    public void Append(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Append(new ReadOnlySpan<byte>(source));
    }

    /// <summary>Feeds a stream from where it is to its end.</summary>
    public void Append(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = new byte[4096];
        for (var read = stream.Read(buffer, 0, buffer.Length); read > 0; read = stream.Read(buffer, 0, buffer.Length))
        {
            Append(buffer.AsSpan(0, read));
        }
    }

    /// <summary>Feeds a stream from where it is to its end.</summary>
    public async Task AppendAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            Append(buffer.AsSpan(0, read));
        }
    }

    /// <summary>The hash of what was fed so far.</summary>
    public byte[] GetCurrentHash()
    {
        var hash = new byte[HashLengthInBytes];
        GetCurrentHashCore(hash);
        return hash;
    }

    /// <summary>Writes the hash of what was fed so far and returns its length. Throws <see cref="ArgumentException"/> when there is no room.</summary>
    public int GetCurrentHash(Span<byte> destination)
    {
        GetCurrentHashCore(Room(destination));
        return HashLengthInBytes;
    }

    /// <summary>Writes the hash of what was fed so far; false, with nothing written, when there is no room.</summary>
    public bool TryGetCurrentHash(Span<byte> destination, out int bytesWritten)
    {
        var hasRoom = destination.Length >= HashLengthInBytes;
        bytesWritten = hasRoom ? GetCurrentHash(destination) : 0;
        return hasRoom;
    }

    /// <summary>The hash of what was fed so far, which is then forgotten.</summary>
    public byte[] GetHashAndReset()
    {
        var hash = new byte[HashLengthInBytes];
        GetHashAndResetCore(hash);
        return hash;
    }

    /// <summary>Writes the hash of what was fed so far, forgets it, and returns the hash's length. Throws <see cref="ArgumentException"/> when there is no room.</summary>
    public int GetHashAndReset(Span<byte> destination)
    {
        GetHashAndResetCore(Room(destination));
        return HashLengthInBytes;
    }

    /// <summary>Writes the hash of what was fed so far and forgets it; false, with nothing changed, when there is no room.</summary>
    public bool TryGetHashAndReset(Span<byte> destination, out int bytesWritten)
    {
        var hasRoom = destination.Length >= HashLengthInBytes;
        bytesWritten = hasRoom ? GetHashAndReset(destination) : 0;
        return hasRoom;
    }

    /// <summary>Writes the hash of what was fed so far, then forgets it.</summary>
    protected virtual void GetHashAndResetCore(Span<byte> destination)
    {
        GetCurrentHashCore(destination);
        Reset();
    }

    /// <summary>Not the hash of what was fed: always throws, so that nobody takes one for the other.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Use GetCurrentHash() for the hash of what was fed.", true)]
#pragma warning disable CS0809, CA1065 // As in the real library: the call is a mistake worth stopping.
    public override int GetHashCode() => throw new NotSupportedException("Use GetCurrentHash() for the hash of what was fed.");
#pragma warning restore CS0809, CA1065

    private Span<byte> Room(Span<byte> destination) => destination.Length >= HashLengthInBytes
        ? destination[..HashLengthInBytes]
        : throw new ArgumentException("The destination is too short.", nameof(destination));
}
