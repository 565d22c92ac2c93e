using MessagePack;
using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>
/// No node begins, in any life of it, to write under an id while another one knows a later one of it: the entry of that may be forgotten, and the number be taken. No
/// entry retires whose writer was not given up for a grace, and none that retired is learned again and again. Kept by following the logs of all nodes.
/// </summary>
internal sealed class WritersOnlyGoOnChecker(Simulator cluster) : IChecker, IObserver
{
    private const long SkewMs = 200;

    // After a start a node does not know yet what is old enough, and one that was told to forget may know it later than the other.
    private const int LearnedAgainMax = 4;
    private readonly Dictionary<(int Node, int Bucket, ulong Writer), (bool IsRetired, int Times)> _retired = [];
    private readonly SortedDictionary<ulong, SortedSet<ulong>> _births = [];
    private readonly HashSet<(int Node, ulong Writer)> _begun = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "WritersOnlyGoOn";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnRecovered(int node, long position) => _begun.RemoveWhere(begun => begun.Node == node);

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
        if (_violation is not null) return;
        var reader = new MessagePackReader(record);
        var fields = reader.ReadArrayHeader();
        var writer = reader.ReadUInt64();
        Note(writer);
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var frame = DeltaFrameCodec.Read(ref reader);
            if (frame.Actor == writer && writer != 0 && _begun.Add((node, writer)) && KnowerOfLater(node, writer) is { } knower)
                _violation ??= $"n{node} writes as {writer:x} in bucket {frame.Bucket}, and n{knower} knows a later id of it";
            foreach (var learned in frame.Context?.Writers ?? []) Learn(node, frame.Bucket, learned);
        }

        if (fields < 3) return;
        foreach (var forgetting in ForgettingCodec.Read(ref reader))
        {
            foreach (var (retired, _) in forgetting.Retired) Judge(node, forgetting.Bucket, retired);
        }
    }

    private void Learn(int node, int bucket, ulong writer)
    {
        if (!_retired.TryGetValue((node, bucket, writer), out var entry) || !entry.IsRetired) return;
        _retired[(node, bucket, writer)] = (false, entry.Times + 1);
        if (entry.Times == LearnedAgainMax) _violation ??= $"n{node} learned the entry of {writer:x} in bucket {bucket} again, {entry.Times + 1} times by now";
    }

    private void Judge(int node, int bucket, ulong retired)
    {
        _retired[(node, bucket, retired)] = (true, _retired.GetValueOrDefault((node, bucket, retired)).Times);
        var next = _births[WriterId.FamilyOf(retired)].GetViewBetween(WriterId.BirthOf(retired) + 1, WriterId.BirthMax);
        var latestMs = cluster.TrueMs + SkewMs - (long)cluster.World.Forgetting.Grace.TotalMilliseconds;
        if (next.Count == 0 || WriterId.TimeOf(next.Min).PhysicalMs > latestMs)
            _violation ??= $"n{node} forgets the entry of {retired:x} in bucket {bucket}, which was {(next.Count == 0 ? "never given up" : "given up just now")}";
    }

    private void Note(ulong writer)
    {
        if (!_births.TryGetValue(WriterId.FamilyOf(writer), out var births)) _births[WriterId.FamilyOf(writer)] = births = [];
        births.Add(WriterId.BirthOf(writer));
    }

    private int? KnowerOfLater(int node, ulong writer)
    {
        foreach (var other in cluster.UpNodes.Where(other => other.Index != node))
        {
            if (other.Replica!.Held.SelectMany(static bucket => bucket.Context.Writers).Any(id => WriterId.FamilyOf(id) == WriterId.FamilyOf(writer) && id > writer)) return other.Index;
        }

        return null;
    }
}
