using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Storage;

namespace Swim.Core.Replication;

/// <summary>
/// What one call of the sender says to one node about several buckets: questions and answers of repair, and acks. The receiver takes them in
/// one after another in one call, whose changes are one record of its log, and answers in one batch.
/// </summary>
/// <param name="Messages">Of the kinds that <see cref="IsPart"/> names; at least two, at most <see cref="CountMax"/>.</param>
public sealed record PeerBatch(IReadOnlyList<PeerMessage> Messages) : PeerMessage
{
    /// <summary>Most messages in a batch.</summary>
    public const int CountMax = 512;

    /// <summary>Once it has so many bytes a batch takes nothing more: a page of repair, or one message over.</summary>
    public const int BytesMax = Repairer.PageBytesMax;

    /// <summary>Most messages in it that bring cells: the record that they become names each bucket.</summary>
    public const int CellsMax = TouchedBuckets.NamedMax;

    private const int DotBytes = 18;
    private const int HeadBytes = 64;

    /// <summary>True for what may stand in a batch: what is of one bucket, and of which many are sent at once.</summary>
    public static bool IsPart(PeerMessage message) => message is RepairAsk or RepairCells or PushAck;

    /// <summary>The messages of a batch, or the message itself.</summary>
    public static IReadOnlyList<PeerMessage> PartsOf(PeerMessage message) => message is PeerBatch batch ? batch.Messages : [message];

    /// <summary>The same outputs, the parts for one node joined. Nothing overtakes another message to its node.</summary>
    internal static IReadOnlyList<Output> Join(IReadOnlyList<Output> outputs)
    {
        if (!HasTwoParts(outputs) || Planted.Is(Mutant.RepairContextFirst)) return outputs;
        var joined = new List<Output>(outputs.Count);
        var open = new SortedDictionary<NodeId, Parts>();
        foreach (var output in outputs)
        {
            if (output is SendToPeer { Message.Lane: PeerLane.State } send)
            {
                if (open.TryGetValue(send.To, out var parts) && parts.TryAdd(send.Message)) continue;
                open.Remove(send.To);
                if (parts is not null) joined[parts.At] = new SendToPeer(send.To, parts.Whole);
                if (IsPart(send.Message)) open[send.To] = new Parts(joined.Count, send.Message);
            }

            joined.Add(output);
        }

        foreach (var (to, parts) in open) joined[parts.At] = new SendToPeer(to, parts.Whole);
        return joined;
    }

    private static bool HasTwoParts(IReadOnlyList<Output> outputs)
    {
        var parts = 0;
        for (var at = 0; at < outputs.Count; at++)
        {
            if (outputs[at] is SendToPeer send && IsPart(send.Message)) parts++;
        }

        return parts > 1;
    }

    private static int BytesOf(PeerMessage message) => HeadBytes + message switch
    {
        RepairCells cells => cells.Frame.Cells.Sum(Repairer.BytesOf) + BytesOf(cells.Frame.Context) + BytesOf(cells.Since),
        RepairAsk ask => BytesOf(ask.Context) + (ask.Wants.Count * 8),
        _ => 0,
    };

    private static int BytesOf(DotContext? context) => context is null ? 0 : (context.Vector.Count + context.Cloud.Count) * DotBytes;

    private sealed class Parts(int at, PeerMessage first)
    {
        private readonly List<PeerMessage> _messages = [first];
        private int _bytes = BytesOf(first);
        private int _withCells = first is RepairCells ? 1 : 0;

        public int At => at;

        public PeerMessage Whole => _messages.Count == 1 ? first : new PeerBatch(_messages);

        public bool TryAdd(PeerMessage message)
        {
            if (!IsPart(message) || _bytes >= BytesMax || _messages.Count == CountMax || (message is RepairCells && _withCells == CellsMax)) return false;
            if (message is RepairCells) _withCells++;
            _messages.Add(message);
            _bytes += BytesOf(message);
            return true;
        }
    }
}
