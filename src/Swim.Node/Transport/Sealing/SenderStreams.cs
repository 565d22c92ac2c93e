using System.Security.Cryptography;
using Swim.Core.Primitives;

namespace Swim.Node.Transport.Sealing;

/// <summary>
/// The streams heard so far, only of holders of a key. Of a node only those of its latest life: those of earlier ones are over, and what
/// still comes of them is a replay. Bounded; who was not heard of for longest gives way. Owned by one loop.
/// </summary>
internal sealed class SenderStreams(int nodesMax = SenderStreams.NodesMax) : IDisposable
{
    /// <summary>The most nodes: more than a member table holds.</summary>
    public const int NodesMax = 8_192;

    /// <summary>The most streams of one life: two where a data directory was copied, and some to spare. More are refused.</summary>
    public const int StreamsMax = 4;

    private readonly Dictionary<NodeId, Sender> _senders = [];
    private long _heard;

    /// <summary>How many nodes it knows.</summary>
    public int Count => _senders.Count;

    /// <summary>The stream; null when it was not heard yet. False when it is one that is over.</summary>
    public bool TryFind(in SealStream name, out HeardStream? stream)
    {
        stream = null;
        if (!_senders.TryGetValue(name.Node, out var sender) || name.Epoch > sender.Epoch) return true;
        if (name.Epoch < sender.Epoch) return false;
        foreach (var known in sender.Streams)
        {
            if (known.Salt == name.Salt) stream = known;
        }

        return stream is not null || sender.Streams.Count < StreamsMax;
    }

    /// <summary>A packet of a stream that <see cref="TryFind"/> did not find was opened: it is one from now on.</summary>
    public HeardStream Add(in SealStream name)
    {
        if (_senders.TryGetValue(name.Node, out var sender) && sender.Epoch < name.Epoch) Remove(name.Node, sender);
        if (!_senders.TryGetValue(name.Node, out sender))
        {
            if (_senders.Count >= nodesMax) RemoveQuietest();
            _senders.Add(name.Node, sender = new Sender(name.Epoch));
        }

        var stream = new HeardStream(name.Salt);
        sender.Streams.Add(stream);
        return stream;
    }

    /// <summary>A packet of this node was opened.</summary>
    public void Touch(NodeId node) => _senders[node].HeardAt = ++_heard;

    /// <summary>The ring changed: ciphers of keys that are gone are given up.</summary>
    public void Keep(KeyRing ring)
    {
        foreach (var sender in _senders.Values)
        {
            foreach (var stream in sender.Streams) stream.Keep(ring);
        }
    }

    public void Dispose()
    {
        foreach (var (node, sender) in _senders.ToList()) Remove(node, sender);
    }

    private void RemoveQuietest()
    {
        var (node, quietest) = _senders.MinBy(static sender => sender.Value.HeardAt);
        Remove(node, quietest);
    }

    private void Remove(NodeId node, Sender sender)
    {
        foreach (var stream in sender.Streams) stream.Dispose();
        _senders.Remove(node);
    }

    private sealed class Sender(ulong epoch)
    {
        public ulong Epoch => epoch;

        public List<HeardStream> Streams { get; } = [];

        public long HeardAt { get; set; }
    }
}

/// <summary>One stream heard: what of it was taken, and its ciphers, one for each key it was sealed with.</summary>
internal sealed class HeardStream(ulong salt) : IDisposable
{
    private readonly List<(SealKey Key, AesGcm Cipher)> _ciphers = [];

    public ulong Salt => salt;

    public ReplayWindow Window { get; } = new();

    /// <summary>The cipher for a key; null when nothing of this stream came under it.</summary>
    public AesGcm? CipherOf(SealKey key)
    {
        foreach (var (known, cipher) in _ciphers)
        {
            if (known.Equals(key)) return cipher;
        }

        return null;
    }

    public void Keep(SealKey key, AesGcm cipher) => _ciphers.Add((key, cipher));

    public void Keep(KeyRing ring)
    {
        foreach (var (_, cipher) in _ciphers.Where(known => !ring.Keys.Contains(known.Key))) cipher.Dispose();
        _ciphers.RemoveAll(known => !ring.Keys.Contains(known.Key));
    }

    public void Dispose()
    {
        foreach (var (_, cipher) in _ciphers) cipher.Dispose();
    }
}
