using System.Collections.Immutable;

namespace Swim.Node.Transport.Sealing;

/// <summary>
/// The keys of a node: the first one, the primary, seals; all of them open. Never empty, at most 8 keys, each with an id of its own.
/// Immutable: every change gives another ring.
/// </summary>
internal sealed class KeyRing
{
    /// <summary>The most keys of a ring.</summary>
    public const int KeysMax = 8;

    private readonly ImmutableArray<SealKey> _keys;

    private KeyRing(ImmutableArray<SealKey> keys) => _keys = keys;

    /// <summary>The keys, the primary first.</summary>
    public IReadOnlyList<SealKey> Keys => _keys;

    /// <summary>The key that seals.</summary>
    public SealKey Primary => _keys[0];

    /// <summary>A ring of one key.</summary>
    public static KeyRing Of(SealKey primary) => new([primary]);

    /// <summary>The key that packets call so; null when there is none.</summary>
    public SealKey? Find(byte id)
    {
        foreach (var key in _keys)
        {
            if (key.Id == id) return key;
        }

        return null;
    }

    /// <summary>The key with this fingerprint; null when there is none.</summary>
    public SealKey? Find(string fingerprint) => _keys.FirstOrDefault(key => key.Fingerprint.Equals(fingerprint, StringComparison.OrdinalIgnoreCase));

    /// <summary>The ring with one key more, as the last one.</summary>
    public KeyChange With(SealKey key, out KeyRing changed)
    {
        changed = this;
        if (_keys.Contains(key)) return KeyChange.Nothing;
        if (_keys.Length >= KeysMax) return KeyChange.Full;
        if (Find(key.Id) is not null) return KeyChange.IdTaken;
        changed = new KeyRing(_keys.Add(key));
        return KeyChange.Done;
    }

    /// <summary>The ring with this key as the primary.</summary>
    public KeyChange Using(string fingerprint, out KeyRing changed)
    {
        changed = this;
        if (Find(fingerprint) is not { } key) return KeyChange.Unknown;
        if (key == Primary) return KeyChange.Nothing;
        changed = new KeyRing(_keys.Remove(key).Insert(0, key));
        return KeyChange.Done;
    }

    /// <summary>The ring without this key; the primary stays.</summary>
    public KeyChange Without(string fingerprint, out KeyRing changed)
    {
        changed = this;
        if (Find(fingerprint) is not { } key) return KeyChange.Nothing;
        if (key == Primary) return KeyChange.IsPrimary;
        changed = new KeyRing(_keys.Remove(key));
        return KeyChange.Done;
    }
}

/// <summary>What became of a wish to change a ring; the ring is another one only after <see cref="Done"/>.</summary>
internal enum KeyChange
{
    /// <summary>It was changed.</summary>
    Done,

    /// <summary>It was so before.</summary>
    Nothing,

    /// <summary>It holds as many keys as it may.</summary>
    Full,

    /// <summary>Another key of it has the same id in packets: one key in 255, so another one is to be made.</summary>
    IdTaken,

    /// <summary>It holds no such key.</summary>
    Unknown,

    /// <summary>The key seals what the node sends: another one must first.</summary>
    IsPrimary,
}
