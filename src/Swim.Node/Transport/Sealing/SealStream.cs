using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Swim.Core.Primitives;

namespace Swim.Node.Transport.Sealing;

/// <summary>
/// Whose packets one counter counts: a node, in one of its lives. <paramref name="Salt"/> is drawn when the counter begins at 1, so that a copy of a
/// data directory, or one put back from a backup, which has the same id and epoch, still has another stream.
/// </summary>
/// <param name="Node">The sender.</param>
/// <param name="Epoch">Its boot counter, persisted before it is used.</param>
/// <param name="Salt">Random.</param>
internal readonly record struct SealStream(NodeId Node, ulong Epoch, ulong Salt)
{
    /// <summary>Bytes in a packet.</summary>
    public const int Length = 24;

    private static readonly byte[] KeySalt = Encoding.ASCII.GetBytes("swim udp 1");

    public static SealStream Read(ReadOnlySpan<byte> bytes) => new(
        new NodeId(BinaryPrimitives.ReadUInt64BigEndian(bytes)), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Node.Value);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Epoch);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], Salt);
    }

    /// <summary>
    /// The stream's own key, by HKDF (RFC 5869): under it the counter alone is the nonce (NIST SP 800-38D section 8.2.1), so no nonce is used twice
    /// under one key, however many nodes share the secret.
    /// </summary>
    public AesGcm Derive(SealKey key)
    {
        Span<byte> name = stackalloc byte[Length];
        Span<byte> derived = stackalloc byte[SealKey.SecretBytes];
        Write(name);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Secret, derived, KeySalt, name);
        var cipher = new AesGcm(derived, AesGcmSeal.TagBytes);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
