using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The news to piggyback, one per subject: a newer record replaces an older one and starts anew. Least often sent first, among those
/// the newest (SWIM section 4.1: "elements that have been gossiped fewer times"); dropped once sent often enough. Bounded by the table.
/// </summary>
internal sealed class Dissemination
{
    private readonly Dictionary<NodeId, News> _bySubject = [];
    private readonly SortedSet<News> _queue = new(Comparer<News>.Create(Order));
    private readonly List<News> _picked = [];
    private long _offered;

    private sealed record News(NodeId Subject, byte[] Bytes, long Number, int Sent);

    /// <summary>How many subjects there is news of.</summary>
    public int Count => _queue.Count;

    /// <summary>
    /// Takes <paramref name="record"/> up, in place of what there was about the same member; of a suspect with those who accuse it.
    /// </summary>
    public void Offer(MemberRecord record, ReadOnlySpan<NodeId> accusers = default)
    {
        var news = new News(record.Id, RecordCodec.Encode(record, accusers), ++_offered, Sent: 0);
        if (_bySubject.TryGetValue(record.Id, out var older)) _queue.Remove(older);
        _bySubject[record.Id] = news;
        _queue.Add(news);
    }

    /// <summary>
    /// Adds to <paramref name="rumours"/> what fits into <paramref name="bytesLeft"/> and counts it as sent; what was sent
    /// <paramref name="budget"/> times is forgotten. News of the two members named is in the packet already: only counted.
    /// Returns how many subjects were counted.
    /// </summary>
    public int Take(List<byte[]> rumours, int bytesLeft, int budget, NodeId told, NodeId alsoTold)
    {
        _picked.Clear();
        foreach (var news in _queue)
        {
            if (bytesLeft < SmallestRecord) break;
            var isTold = news.Subject == told || news.Subject == alsoTold;
            if (!isTold && news.Bytes.Length > bytesLeft) continue;
            _picked.Add(news);
            if (isTold) continue;
            bytesLeft -= news.Bytes.Length;
            rumours.Add(news.Bytes);
        }

        foreach (var news in _picked) CountSent(news, budget);
        return _picked.Count;
    }

    // No record is shorter than its five fields and those of its metadata at their shortest.
    private const int SmallestRecord = 16;

    private void CountSent(News news, int budget)
    {
        _queue.Remove(news);
        if (news.Sent + 1 >= budget)
        {
            _bySubject.Remove(news.Subject);
            return;
        }

        var again = news with { Sent = news.Sent + 1 };
        _bySubject[news.Subject] = again;
        _queue.Add(again);
    }

    private static int Order(News left, News right) =>
        left.Sent != right.Sent ? left.Sent.CompareTo(right.Sent) : right.Number.CompareTo(left.Number);
}
