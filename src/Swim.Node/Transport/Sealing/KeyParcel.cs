using System.Security.Cryptography;
using System.Text;

namespace Swim.Node.Transport.Sealing;

/// <summary>
/// A new key on its way to nodes, encrypted (AES-256-GCM) under one that they have: gRPC between them is in clear text, and whoever sends a key must
/// hold one already.
/// </summary>
/// <param name="Bytes">Nonce (12 bytes), encrypted key, tag (16 bytes).</param>
/// <param name="Fingerprint">Of the new key.</param>
/// <param name="SealedWith">Fingerprint of the key it is encrypted under.</param>
public sealed record KeyParcel(ReadOnlyMemory<byte> Bytes, string Fingerprint, string SealedWith)
{
    private const int NonceBytes = 12;
    private static readonly byte[] Purpose = Encoding.ASCII.GetBytes("swim key parcel 1");

    /// <summary>
    /// Packs the first key of the file <paramref name="newKey"/> under the first one of <paramref name="current"/>, a file as nodes have it. Null when
    /// one of them cannot be used; the faults say what to do.
    /// </summary>
    public static KeyParcel? Pack(string newKey, string current, ICollection<string> faults) =>
        (KeysFile.TryRead(newKey, faults), KeysFile.TryRead(current, faults)) is ({ } added, { } present) ? Pack(added.Primary, present.Primary) : null;

    internal static KeyParcel Pack(SealKey key, SealKey under)
    {
        var bytes = new byte[NonceBytes + SealKey.SecretBytes + AesGcmSeal.TagBytes];
        // Drawn: a key packs a few others in its life.
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = CipherOf(under);
        cipher.Encrypt(nonce, key.Secret, bytes.AsSpan(NonceBytes, SealKey.SecretBytes), bytes.AsSpan(^AesGcmSeal.TagBytes..));
        return new KeyParcel(bytes, key.Fingerprint, under.Fingerprint);
    }

    /// <summary>The key in it; null when it was not packed under this one.</summary>
    internal static SealKey? Unpack(ReadOnlySpan<byte> bytes, SealKey under)
    {
        if (bytes.Length != NonceBytes + SealKey.SecretBytes + AesGcmSeal.TagBytes) return null;
        Span<byte> secret = stackalloc byte[SealKey.SecretBytes];
        using var cipher = CipherOf(under);
        try
        {
            cipher.Decrypt(bytes[..NonceBytes], bytes[NonceBytes..^AesGcmSeal.TagBytes], bytes[^AesGcmSeal.TagBytes..], secret);
            return new SealKey(secret);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static AesGcm CipherOf(SealKey under) =>
        new(HKDF.DeriveKey(HashAlgorithmName.SHA256, under.Secret.ToArray(), SealKey.SecretBytes, Purpose), AesGcmSeal.TagBytes);
}
