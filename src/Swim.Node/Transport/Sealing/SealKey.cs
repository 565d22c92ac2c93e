using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Swim.Node.Transport.Sealing;

/// <summary>
/// One secret of the cluster: 32 bytes, from which the key of each sender's stream is derived (AES-256). Shown as its fingerprint, by
/// which nobody can guess it; <see cref="ToString"/> never shows the secret.
/// </summary>
internal sealed class SealKey : IEquatable<SealKey>
{
    /// <summary>Bytes of a secret.</summary>
    public const int SecretBytes = 32;

    /// <summary>Digits of a fingerprint.</summary>
    public const int FingerprintDigits = 2 * FingerprintBytes;

    private const int FingerprintBytes = 8;
    private static readonly byte[] FingerprintSalt = Encoding.ASCII.GetBytes("swim key fingerprint 1");
    private readonly byte[] _secret;

    public SealKey(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != SecretBytes) throw new ArgumentException($"A key has {SecretBytes} bytes, not {secret.Length}.", nameof(secret));
        _secret = secret.ToArray();
        var print = HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, FingerprintBytes, FingerprintSalt);
        Fingerprint = Convert.ToHexStringLower(print);
        // 0 stands for a packet without a key.
        Id = Math.Max((byte)1, print[0]);
    }

    /// <summary>16 hexadecimal digits that tell it from others, for people and logs.</summary>
    public string Fingerprint { get; }

    /// <summary>Names it in packets; 1 to 255, different for all keys of a ring.</summary>
    public byte Id { get; }

    /// <summary>The secret itself: for the file of keys, and to derive from.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Reads 32 bytes in base64; null when <paramref name="text"/> is not that, and <paramref name="fault"/> says why without showing any of it.</summary>
    public static SealKey? TryParse(string text, [NotNullWhen(false)] out string? fault)
    {
        var bytes = new byte[text.Length];
        fault = Convert.TryFromBase64String(text, bytes, out var length) ? null : "is no base64";
        if (fault is null && length != SecretBytes) fault = $"has {length} bytes";
        return fault is null ? new SealKey(bytes.AsSpan(0, length)) : null;
    }

    public bool Equals(SealKey? other) => other is not null && CryptographicOperations.FixedTimeEquals(_secret, other._secret);

    public override bool Equals(object? obj) => Equals(obj as SealKey);

    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Fingerprint;
}
