using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>
/// The checkpoint on disk: the newest complete one, and the round that is to replace it. Files of a new round appear beside those of
/// the newest; the manifest moves from one to the other at one stroke.
/// </summary>
internal sealed class CheckpointStore(IDisk disk, NodeId owner) : IDisposable
{
    private CheckpointManifest? _newest;
    private SortedSet<int> _damaged = [];
    private SortedDictionary<int, ShardEntry> _round = [];
    private ShardWriter? _writer;

    // Files that no manifest names, and that are all there is of what they hold until there is a checkpoint again.
    private bool _hasOrphans;

    /// <summary>The position up to which records need no replay; 0 without a checkpoint.</summary>
    public long Base => _newest?.Base ?? 0;

    /// <summary>The position up to which the log was durable when the newest checkpoint was made.</summary>
    public long Through => _newest?.Through ?? 0;

    /// <summary>Bytes of its files.</summary>
    public long Bytes => _newest?.Shards.Values.Sum(static entry => entry.Bytes) ?? 0;

    /// <summary>How many buckets could not be read.</summary>
    public int DamagedBuckets { get; private set; }

    /// <summary>
    /// Reads the newest checkpoint. Throws where it is of another node or of another format. A manifest that is damaged or missing is told to
    /// <paramref name="onDamage"/>, which throws or makes every bucket one in doubt; then the files give what they hold without it.
    /// </summary>
    public void Recover(LogReceiver receiver, Action<LogDamage, string> onDamage)
    {
        if (!TryReadManifest(onDamage)) RecoverOrphans(receiver);
        if (_newest is null) return;
        if (_newest.Owner != owner) throw new CorruptLogException(CheckpointManifest.Name, 16, $"the checkpoint was written by node {_newest.Owner}, this is node {owner}");
        receiver.OnMeta(_newest.Meta);
        foreach (var (shard, entry) in _newest.Shards)
        {
            var damaged = new ShardReader(disk, owner, shard, entry).Read(receiver.OnBlock);
            if (damaged.Count == 0) continue;
            _damaged.Add(shard);
            DamagedBuckets += damaged.Count;
            foreach (var bucket in damaged) receiver.OnDamagedBucket(bucket);
        }
    }

    /// <summary>Removes what a round left that never became the newest.</summary>
    public void DeleteLeftovers()
    {
        ShardWriter.DeleteUnfinished(disk);
        if (_hasOrphans) return;
        var named = NamesOf(_newest);
        foreach (var name in disk.List().Where(name => Shards.IsName(name) && !named.Contains(name))) disk.Delete(name);
    }

    /// <summary>Writes a piece; gives true when it made the round's checkpoint the newest. The log is durable up to what the piece tells of.</summary>
    public bool Write(CheckpointPiece piece, long durable)
    {
        if (piece.BeginsRound) GiveUp();
        if (piece.Blocks.Count > 0 || piece.EndsShard) WriteShard(piece);
        if (!piece.EndsRound) return false;
        Commit(piece, durable);
        return true;
    }

    /// <summary>Gives the round up: the newest checkpoint stands, the space is free again.</summary>
    public void GiveUp()
    {
        _writer?.Dispose();
        _writer = null;
        _round = [];
        DeleteLeftovers();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    private void WriteShard(CheckpointPiece piece)
    {
        _writer ??= new ShardWriter(disk, new ShardHeader(owner, piece.Base, piece.Shard));
        Invariant.Holds(_writer.Shard == piece.Shard, "one shard of a checkpoint is written after the other");
        _writer.Add(piece.Blocks);
        if (!piece.EndsShard) return;
        _round[piece.Shard] = _writer.Complete();
        _writer = null;
    }

    private void Commit(CheckpointPiece piece, long durable)
    {
        Invariant.Holds(_writer is null, "a round ends with the end of a shard");
        Invariant.Holds(piece.Base > Base, "checkpoints go forward");
        // What a block tells of a record that is not durable yet would survive a crash without what the record wrote elsewhere.
        Invariant.Holds(piece.Through <= durable, "a checkpoint is never ahead of the log");
        var shards = new SortedDictionary<int, ShardEntry>();
        foreach (var (shard, entry) in _newest?.Shards ?? new Dictionary<int, ShardEntry>()) shards[shard] = entry;
        foreach (var (shard, entry) in _round) shards[shard] = entry;
        disk.SyncDirectory();
        var next = new CheckpointManifest(owner, piece.Base, durable, shards, piece.Meta.ToArray());
        next.Write(disk);
        KeepDamaged();
        _newest = next;
        KeepOrphans();
        GiveUp();
    }

    private bool TryReadManifest(Action<LogDamage, string> onDamage)
    {
        try
        {
            _newest = CheckpointManifest.TryRead(disk);
            if (_newest is not null || !IsManifestMissing()) return true;
            onDamage(new LogDamage(CheckpointManifest.Name, 0, 0, 1, 0, null), "the checkpoint is missing");
        }
        catch (CorruptLogException damage)
        {
            onDamage(new LogDamage(CheckpointManifest.Name, damage.Offset, 0, 1, 0, null), damage.What);
            KeptAside.Copy(disk, CheckpointManifest.Name);
        }

        return false;
    }

    // A round that never became the first leaves files too, but then the log has all its records.
    private bool IsManifestMissing() => disk.List().Any(Shards.IsName) && Segment.ListFirstPositions(disk) is [] or [> 1, ..];

    private void RecoverOrphans(LogReceiver receiver)
    {
        _hasOrphans = true;
        foreach (var name in disk.List())
        {
            if (Shards.TryParse(name) is { } part) new ShardReader(disk, owner, part.Shard, part.Position).Read(receiver.OnBlock);
        }
    }

    private void KeepOrphans()
    {
        if (!_hasOrphans) return;
        _hasOrphans = false;
        var named = NamesOf(_newest);
        foreach (var name in disk.List().Where(name => Shards.IsName(name) && !named.Contains(name))) KeptAside.Move(disk, name);
    }

    // For a human to look at: there may be no other copy of it in the world.
    private void KeepDamaged()
    {
        foreach (var shard in _damaged.Where(_round.ContainsKey))
        {
            var name = Shards.NameOf(shard, _newest!.Shards[shard].Position);
            if (disk.List().Contains(name)) disk.Rename(name, Shards.DamagedNameOf(shard));
        }

        _damaged = [.. _damaged.Where(shard => !_round.ContainsKey(shard))];
    }

    private static HashSet<string> NamesOf(CheckpointManifest? manifest) =>
        [.. manifest?.Shards.Select(static entry => Shards.NameOf(entry.Key, entry.Value.Position)) ?? []];
}
