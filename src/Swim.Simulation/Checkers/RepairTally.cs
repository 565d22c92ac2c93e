using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>
/// What repair sends after the faults, counted as it is sent: the cells that the other lacks, those that it has, and all bytes besides the cells. Answers to
/// what was asked before are not counted: what they bring may have come meanwhile from others.
/// </summary>
internal sealed class RepairTally
{
    private static readonly long EmptyAnswer = PeerCodec.Encode(new RepairCells(1, DeltaFrame.Repair(0, [], null), 0, true)).Length;

    private readonly HashSet<(int Asker, int Asked, int Bucket)> _asked = [];

    /// <summary>Exchanges that were opened.</summary>
    public long Exchanges { get; private set; }

    /// <summary>Those of them that name the buckets they are about, as new owners do.</summary>
    public long Named { get; private set; }

    /// <summary>Answers that say that something differs.</summary>
    public long Searches { get; private set; }

    /// <summary>Times that one bucket was asked for.</summary>
    public long Buckets { get; private set; }

    /// <summary>What both held of each bucket when one asked the other for it, in cells.</summary>
    public long Held { get; private set; }

    /// <summary>Cells of writes that their receiver had not seen.</summary>
    public long Lacked { get; private set; }

    /// <summary>Cells of writes that their receiver had seen.</summary>
    public long Known { get; private set; }

    /// <summary>Bytes of all messages of repair but for the cells in them.</summary>
    public long BytesBesides { get; private set; }

    /// <summary>A message goes from <paramref name="sender"/> to <paramref name="receiver"/>; null for one that is down.</summary>
    public void Count(int from, int to, PeerMessage message, ReplicaCore? sender, ReplicaCore? receiver)
    {
        switch (message)
        {
            case RepairOpen open:
                Exchanges++;
                if (open.Asked is not null) Named++;
                break;
            case RepairAsk ask:
                Buckets++;
                Held += CellsOf(sender, ask.Bucket) + CellsOf(receiver, ask.Bucket);
                _asked.Add((from, to, ask.Bucket));
                break;
            // An answer goes to who asked; what that lacks in turn is sent without a question.
            case RepairCells cells when !_asked.Contains(cells.Request != 0 ? (to, from, cells.Frame.Bucket) : (from, to, cells.Frame.Bucket)):
                return;
            case RepairCells cells:
                Count(cells.Frame, receiver);
                BytesBesides += EmptyAnswer + ContextBytes(cells);
                return;
            case RepairGroups or RepairDigests { Equal: false }:
                Searches++;
                break;
            case RepairDigests or RepairSketchAsk or RepairSymbols or RepairNudge:
                break;
            default:
                return;
        }

        BytesBesides += PeerCodec.Encode(message).Length;
    }

    // By the writes that it has seen: one that has a greater cell in the place of this one lacks it all the same.
    private void Count(DeltaFrame frame, ReplicaCore? receiver)
    {
        var seen = receiver?.Held.FirstOrDefault(bucket => bucket.Number == frame.Bucket)?.Context;
        var known = frame.Cells.Count(cell => seen?.Contains(cell.Dot) == true);
        Known += known;
        Lacked += frame.Cells.Count - known;
    }

    private static long CellsOf(ReplicaCore? replica, int number) => replica?.Held.FirstOrDefault(bucket => bucket.Number == number)?.CellCount ?? 0;

    private static long ContextBytes(RepairCells cells) =>
        PeerCodec.Encode(new RepairCells(cells.Request, DeltaFrame.Repair(cells.Frame.Bucket, [], cells.Frame.Context), cells.Digest, cells.Last) { Since = cells.Since }).Length - EmptyAnswer;
}
