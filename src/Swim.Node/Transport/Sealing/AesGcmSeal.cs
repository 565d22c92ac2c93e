using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Swim.Core.Membership;
using Swim.Core.Primitives;

namespace Swim.Node.Transport.Sealing;

/// <summary>
/// Seals packets with AES-256-GCM: header, stream and counter in plain, the rest encrypted, a tag of 16 bytes. What is in plain and the cluster's name
/// are authenticated with it, so that a packet of another cluster with the same keys opens nowhere. The membership loop seals and opens; the
/// ring may be set from elsewhere.
/// </summary>
internal sealed class AesGcmSeal : IPacketSeal, IDisposable
{
    /// <summary>Bytes of the tag.</summary>
    public const int TagBytes = 16;

    private const int CounterBytes = 8;
    private const int NonceBytes = 12;
    private const int PlainBytes = PacketHeader.Length + SealStream.Length + CounterBytes;

    private readonly NodeId _self;
    private readonly Func<ulong> _drawSalt;
    private readonly SenderStreams _senders = new();
    // What is in plain, followed by the cluster's name.
    private readonly byte[] _associated;
    private readonly byte[] _opened = new byte[PacketHeader.PacketBytesMax];
    private volatile KeyRing _ring;
    private KeyRing _ringSeen;
    private SealStream _own;
    private ulong _counter;
    private (SealKey Key, AesGcm Cipher) _sealing;

    /// <summary>A seal. <paramref name="drawSalt"/> is for tests that replay: by default a salt is random, and must be.</summary>
    public AesGcmSeal(KeyRing ring, string cluster, NodeId self, ulong epoch, Func<ulong>? drawSalt = null)
    {
        (_self, _drawSalt) = (self, drawSalt ?? DrawSalt);
        _ring = _ringSeen = ring;
        _associated = [.. new byte[PlainBytes], .. Encoding.UTF8.GetBytes(cluster)];
        BeginEpoch(epoch);
    }

    /// <inheritdoc/>
    public int OverheadBytes => SealStream.Length + CounterBytes + TagBytes;

    /// <summary>The keys in use; a packet under way is sealed or opened with those before or those after.</summary>
    public KeyRing Ring
    {
        get => _ring;
        set => _ring = value;
    }

    /// <summary>The node has another epoch, which is persisted: its counter begins anew, in another stream.</summary>
    public void BeginEpoch(ulong epoch)
    {
        _own = new SealStream(_self, epoch, _drawSalt());
        _counter = 0;
        DeriveOwn(_ring.Primary);
    }

    /// <inheritdoc/>
    public byte[] Seal(ReadOnlySpan<byte> packet)
    {
        if (_ring.Primary is var primary && !ReferenceEquals(primary, _sealing.Key)) DeriveOwn(primary);
        var result = new byte[packet.Length + OverheadBytes];
        var plain = result.AsSpan(0, PlainBytes);
        packet[..PacketHeader.Length].CopyTo(plain);
        plain[PacketHeader.FlagsAt] = PacketHeader.SealedFlag;
        plain[PacketHeader.KeyIdAt] = _sealing.Key.Id;
        _own.Write(plain[PacketHeader.Length..]);
        BinaryPrimitives.WriteUInt64BigEndian(plain[^CounterBytes..], ++_counter);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        NonceOf(_counter, nonce);
        _sealing.Cipher.Encrypt(nonce, packet[PacketHeader.Length..], result.AsSpan(PlainBytes, packet.Length - PacketHeader.Length), result.AsSpan(^TagBytes..), Associate(plain));
        return result;
    }

    /// <inheritdoc/>
    public RejectReason? Open(ReadOnlySpan<byte> packet, out ReadOnlyMemory<byte> body)
    {
        body = default;
        var ring = Current();
        if (packet.Length < PlainBytes + TagBytes) return RejectReason.TooShort;
        if (packet.Length > _opened.Length) return RejectReason.TooLarge;
        if (ring.Find(packet[PacketHeader.KeyIdAt]) is not { } key) return RejectReason.UnknownKey;
        var name = SealStream.Read(packet[PacketHeader.Length..]);
        var counter = BinaryPrimitives.ReadUInt64BigEndian(packet[(PlainBytes - CounterBytes)..]);
        // Asked before the tag is checked, as it costs less; believed only after.
        if (!_senders.TryFind(name, out var stream) || stream?.Window.CanTake(counter) is false || counter == 0) return RejectReason.Replayed;
        if (!TryDecrypt(packet, name, stream, key, counter)) return RejectReason.Forged;
        body = _opened.AsMemory(0, packet.Length - PlainBytes - TagBytes);
        return null;
    }

    public void Dispose()
    {
        _sealing.Cipher.Dispose();
        _senders.Dispose();
    }

    private bool TryDecrypt(ReadOnlySpan<byte> packet, in SealStream name, HeardStream? stream, SealKey key, ulong counter)
    {
        var known = stream?.CipherOf(key);
        var cipher = known ?? name.Derive(key);
        if (!TryDecrypt(cipher, packet, counter))
        {
            if (known is null) cipher.Dispose();
            return false;
        }

        stream ??= _senders.Add(name);
        if (known is null) stream.Keep(key, cipher);
        _senders.Touch(name.Node);
        return stream.Window.TryTake(counter);
    }

    private bool TryDecrypt(AesGcm cipher, ReadOnlySpan<byte> packet, ulong counter)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        NonceOf(counter, nonce);
        var sealedBytes = packet[PlainBytes..^TagBytes];
        try
        {
            cipher.Decrypt(nonce, sealedBytes, packet[^TagBytes..], _opened.AsSpan(0, sealedBytes.Length), Associate(packet[..PlainBytes]));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private KeyRing Current()
    {
        var ring = _ring;
        if (ReferenceEquals(ring, _ringSeen)) return ring;
        _senders.Keep(ring);
        return _ringSeen = ring;
    }

    private void DeriveOwn(SealKey key)
    {
        _sealing.Cipher?.Dispose();
        _sealing = (key, _own.Derive(key));
    }

    private ReadOnlySpan<byte> Associate(ReadOnlySpan<byte> plain)
    {
        plain.CopyTo(_associated);
        return _associated;
    }

    private static ulong DrawSalt() => BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8));

    private static void NonceOf(ulong counter, Span<byte> nonce)
    {
        nonce[..(NonceBytes - CounterBytes)].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[(NonceBytes - CounterBytes)..], counter);
    }
}
