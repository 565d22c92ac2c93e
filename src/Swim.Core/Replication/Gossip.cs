using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Epidemic gossip of new writes (Demers et al. 1987, rumour mongering with a fixed number of rounds): in each of
/// <see cref="Rounds"/> rounds a rumour goes to <see cref="Fanout"/> peers chosen at random, never to its origin, to whom it came
/// from, or twice to the same. Says only whom to tell what; whoever uses it keeps the time. What rumours miss, the comparison of
/// contexts with one peer in each round finds, and repair at the latest.
/// </summary>
internal sealed class Gossip(Prng prng)
{
    /// <summary>Peers told in one round.</summary>
    public const int Fanout = 3;

    /// <summary>Rounds in which a node passes a rumour on.</summary>
    public const int Rounds = 3;

    /// <summary>Most rumours that wait; beyond, the one that was told in most rounds goes: it has spread furthest.</summary>
    public const int RumoursMax = 4_096;

    /// <summary>Most bytes of cells that wait, under the same rule: 8 MiB.</summary>
    public const long BytesMax = 8 << 20;

    /// <summary>About the most bytes of cells told in one round to one peer: 512 KiB; the rest waits for the next.</summary>
    public const long RoundBytesMax = 512 << 10;

    private const int FrameBytes = 64;
    private readonly List<Heard> _heard = [];
    private long _bytes;

    /// <summary>How many rumours are to be passed on.</summary>
    public int Count => _heard.Count;

    /// <summary>Rumours dropped before their last round, for want of room.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Takes up a rumour that was news here. <paramref name="from"/>: who told it; the origin itself for own writes.</summary>
    public void Hear(Rumour rumour, NodeId from)
    {
        var heard = new Heard(rumour, FrameBytes + rumour.Frame.Cells.Sum(static cell => (long)Repairer.BytesOf(cell)));
        heard.Told.Add(rumour.Origin);
        heard.Told.Add(from);
        _heard.Add(heard);
        _bytes += heard.Bytes;
        while (_heard.Count > RumoursMax || (_bytes > BytesMax && _heard.Count > 1)) DropFurthest();
    }

    /// <summary>One round among <paramref name="peers"/>, those that are up but for this node; <paramref name="holds"/> says who is to hold a bucket.</summary>
    public GossipRound Next(IEnumerable<NodeId> peers, Func<NodeId, int, bool> holds)
    {
        var order = peers.ToList();
        prng.Shuffle(order);
        var messages = new SortedDictionary<NodeId, List<Rumour>>();
        var sync = ChooseSync(order, holds);
        long bytes = 0;
        foreach (var heard in _heard)
        {
            if (bytes >= RoundBytesMax) break;
            bytes += heard.Bytes;
            Tell(heard, order, holds, messages);
        }

        _bytes -= _heard.Where(static heard => heard.RoundsDone >= Rounds).Sum(static heard => heard.Bytes);
        _heard.RemoveAll(static heard => heard.RoundsDone >= Rounds);
        return new GossipRound([.. messages.Select(static message => (message.Key, (IReadOnlyList<Rumour>)message.Value))], sync);
    }

    // In one random order for all rumours of the round: they share their messages.
    private static void Tell(Heard heard, List<NodeId> order, Func<NodeId, int, bool> holds, SortedDictionary<NodeId, List<Rumour>> messages)
    {
        heard.RoundsDone++;
        var told = 0;
        foreach (var peer in order)
        {
            if (told == Fanout) return;
            if (heard.Told.Contains(peer) || !holds(peer, heard.Rumour.Frame.Bucket)) continue;
            heard.Told.Add(peer);
            told++;
            if (!messages.TryGetValue(peer, out var message)) messages[peer] = message = [];
            message.Add(heard.Rumour);
        }
    }

    // The last of the order: for few rumours not one of those that are told anyhow.
    private (NodeId Peer, int Bucket)? ChooseSync(List<NodeId> order, Func<NodeId, int, bool> holds)
    {
        if (_heard.Count == 0) return null;
        var bucket = _heard[prng.Next(_heard.Count)].Rumour.Frame.Bucket;
        for (var i = order.Count - 1; i >= 0; i--)
        {
            if (holds(order[i], bucket)) return (order[i], bucket);
        }

        return null;
    }

    private void DropFurthest()
    {
        var furthest = 0;
        for (var i = 1; i < _heard.Count; i++)
        {
            if (_heard[i].RoundsDone > _heard[furthest].RoundsDone) furthest = i;
        }

        DroppedCount++;
        _bytes -= _heard[furthest].Bytes;
        _heard.RemoveAt(furthest);
    }

    private sealed class Heard(Rumour rumour, long bytes)
    {
        public Rumour Rumour => rumour;
        public long Bytes => bytes;
        public int RoundsDone { get; set; }
        public SortedSet<NodeId> Told { get; } = [];
    }
}
