using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The news to piggyback, one per subject: a newer record replaces an older one and starts anew. Least often sent first, among those
/// the newest (SWIM section 4.1: "elements that have been gossiped fewer times"); dropped once sent often enough. Bounded by the table.
/// </summary>
internal sealed class Dissemination
{
    private readonly Dictionary<NodeId, News> _bySubject = [];
    // By how often it was sent; in each list the oldest first. Thousands of subjects are picked from and moved on with each packet.
    private readonly List<List<News>> _bySent = [[]];
    private readonly List<News> _picked = [];
    private long _offered;

    private sealed class News(NodeId subject, byte[] bytes, long number)
    {
        public NodeId Subject { get; } = subject;

        public byte[] Bytes { get; } = bytes;

        public long Number { get; } = number;

        public int Sent { get; set; }
    }

    /// <summary>How many subjects there is news of.</summary>
    public int Count => _bySubject.Count;

    /// <summary>
    /// Takes <paramref name="record"/> up, in place of what there was about the same member; of a suspect with those who accuse it. With
    /// <paramref name="isShort"/> without what the member said of itself, where all know that already.
    /// </summary>
    public void Offer(MemberRecord record, ReadOnlySpan<NodeId> accusers = default, bool isShort = false)
    {
        var news = new News(record.Id, isShort ? RecordCodec.EncodeShort(record, accusers) : RecordCodec.Encode(record, accusers), ++_offered);
        if (_bySubject.TryGetValue(record.Id, out var older)) TakeOut(older);
        _bySubject[record.Id] = news;
        _bySent[0].Add(news);
    }

    /// <summary>
    /// Adds to <paramref name="rumours"/> what fits into <paramref name="bytesLeft"/> and counts it as sent; what was sent
    /// <paramref name="budget"/> times is forgotten. News of the two members named is in the packet already: only counted.
    /// Returns how many subjects were counted.
    /// </summary>
    public int Take(List<byte[]> rumours, int bytesLeft, int budget, NodeId told, NodeId alsoTold)
    {
        Pick(rumours, bytesLeft, told, alsoTold);
        foreach (var news in _picked) CountSent(news, budget);
        return _picked.Count;
    }

    // No record is shorter than its five fields without metadata.
    private const int SmallestRecord = 7;

    private void Pick(List<byte[]> rumours, int bytesLeft, NodeId told, NodeId alsoTold)
    {
        _picked.Clear();
        foreach (var sentAlike in _bySent)
        {
            for (var i = sentAlike.Count - 1; i >= 0; i--)
            {
                if (bytesLeft < SmallestRecord) return;
                var news = sentAlike[i];
                var isTold = news.Subject == told || news.Subject == alsoTold;
                if (!isTold && news.Bytes.Length > bytesLeft) continue;
                _picked.Add(news);
                if (isTold) continue;
                bytesLeft -= news.Bytes.Length;
                rumours.Add(news.Bytes);
            }
        }
    }

    private void CountSent(News news, int budget)
    {
        TakeOut(news);
        if (++news.Sent >= budget)
        {
            _bySubject.Remove(news.Subject);
            return;
        }

        if (news.Sent == _bySent.Count) _bySent.Add([]);
        _bySent[news.Sent].Insert(PlaceOf(news), news);
    }

    private void TakeOut(News news) => _bySent[news.Sent].RemoveAt(PlaceOf(news));

    // Where it is among those sent as often, or where it belongs. Mostly near the end: what is picked is the newest.
    private int PlaceOf(News news)
    {
        var sentAlike = _bySent[news.Sent];
        var (low, high) = (0, sentAlike.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sentAlike[middle].Number < news.Number) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
