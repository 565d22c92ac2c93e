using Swim.Core.Crdt;
using Swim.Core.Replication.Riblt;

namespace Swim.Core.Replication;

/// <summary>How far the exchange of one bucket has come on the side that opened it.</summary>
internal sealed class BucketRepair(int bucket)
{
    /// <summary>How often the other side may begin with a new set of symbols before everything is asked for.</summary>
    public const int SnapshotsMax = 3;

    private int _snapshots;

    public int Bucket => bucket;

    /// <summary>The request whose answer is awaited; answers to others are of a broken exchange or came twice.</summary>
    public long Request { get; set; }

    /// <summary>Ask for everything: what differs is too much to find out, or the other side said so.</summary>
    public bool IsWhole { get; set; }

    /// <summary>The other side asked for it: it is not asked in turn.</summary>
    public bool IsNudged { get; init; }

    /// <summary>The other side asked for it at the same time, and was sent all that it lacked.</summary>
    public bool HasToldAll { get; private set; }

    /// <summary>Pages came, and the next is not asked for while too many other buckets stream.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>The last key of the pages that were merged; null before the first.</summary>
    public CellKey? After { get; private set; }

    /// <summary>What the other had seen when it gave the first of several pages; null while there was no more than one.</summary>
    public DotContext? StreamContext { get; private set; }

    /// <summary>Digests of cells that the symbols show only the other to have.</summary>
    public IReadOnlyList<ulong> Wants { get; private set; } = [];

    /// <summary>Digests of cells that the symbols show only this node to have.</summary>
    public IReadOnlyList<ulong> Mine { get; private set; } = [];

    /// <summary>Finds the difference where the contexts do not tell it; null until that is tried.</summary>
    public SymbolDecoder? Decoder { get; private set; }

    /// <summary>The other side's number for the set of the symbols taken in.</summary>
    public long Snapshot { get; private set; }

    /// <summary>True when everything was asked for or the symbols have told all: nothing is left to try.</summary>
    public bool IsExhausted => IsWhole || Decoder is not null;

    /// <summary>Notes that the other side was sent all that it lacks.</summary>
    public void Tell() => HasToldAll = true;

    /// <summary>A page that is not the last was merged; false when it goes on nowhere.</summary>
    public bool TryTurn(RepairCells page, DotContext theirs)
    {
        if (page.Frame.Cells.Count == 0) return false;
        var key = page.Frame.Cells[^1].Key;
        if (After is { } after && key <= after) return false;
        StreamContext ??= theirs;
        After = key;
        return true;
    }

    /// <summary>What may be learned with the last page, whose sender has seen <paramref name="theirs"/>; null where the sender lost what it had seen.</summary>
    public DotContext? LearnedAtEnd(DotContext theirs)
    {
        if (StreamContext is null) return theirs;
        return theirs.Covers(StreamContext) ? StreamContext : null;
    }

    /// <summary>Begins at the first page again.</summary>
    public void Rewind() => (After, StreamContext) = (null, null);

    /// <summary>Takes over where an exchange with the same node broke off.</summary>
    public void Resume(BucketRepair broken) => (After, StreamContext, IsWhole) = (broken.After, broken.StreamContext, broken.IsWhole);

    /// <summary>Begins to decode; false when the other side began anew too often.</summary>
    public bool TryBegin(IEnumerable<ulong> mine, long snapshot)
    {
        (Decoder, Snapshot) = (new SymbolDecoder(mine), snapshot);
        return ++_snapshots <= SnapshotsMax;
    }

    /// <summary>The symbols have told all.</summary>
    public void Found() => (Wants, Mine) = ([.. Decoder!.Theirs], [.. Decoder.Mine]);
}
