using Swim.Core.Primitives;
using Swim.Core.Storage;

namespace Swim.Simulation.Disk;

/// <summary>
/// A disk in memory with the manners of a real one: what was not synced may be lost, torn or kept when the power fails. Everything
/// random comes from the seed given to <see cref="Crash"/>. One per simulated node; it outlives the node's crashes.
/// Departure from real disks: directory changes survive in order (a journal keeps them so), and synced data never decays by itself.
/// </summary>
public sealed class SimDisk : IDisk
{
    private readonly SortedDictionary<string, SimFileContent> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SimFileContent> _durableNames = new(StringComparer.Ordinal);
    private readonly List<Action<SortedDictionary<string, SimFileContent>>> _unsyncedNameChanges = [];
    private long? _operationsLeft;

    /// <summary>How often data or the directory was synced.</summary>
    public long SyncCount { get; private set; }

    /// <summary>How often the power failed or the process was killed.</summary>
    public int LifeCount { get; private set; }

    /// <summary>The bytes all files together may take; more gives <see cref="DiskFullException"/>. Default no limit.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>While true every sync fails with <see cref="DiskSyncException"/> and keeps nothing, as a dying medium does.</summary>
    public bool FailsSyncs { get; set; }

    /// <summary>While it is longer than zero a sync takes up to so long; the time is the host's to spend.</summary>
    public TimeSpan SlowSyncMax { get; set; }

    /// <summary>A copy of what is durable: what a crash now would leave at least.</summary>
    public SimDiskImage Save() => new([.. _durableNames.Select(static file => KeyValuePair.Create(file.Key, file.Value.Durable))]);

    /// <summary>Another disk in the place of this one, with what <paramref name="image"/> holds and the files that stay. Whoever used it must have ended.</summary>
    public void Load(SimDiskImage image, Predicate<string> stays)
    {
        Kill();
        image = new SimDiskImage([.. image.Files.Where(file => !stays(file.Key)), .. Save().Files.Where(file => stays(file.Key))]);
        _unsyncedNameChanges.Clear();
        _names.Clear();
        _durableNames.Clear();
        foreach (var (name, bytes) in image.Files) _names[name] = _durableNames[name] = new SimFileContent(bytes);
    }

    /// <summary>The power fails before the next changing operation but <paramref name="operations"/>: from then on all throw <see cref="PowerFailedException"/> until <see cref="Crash"/> or <see cref="Kill"/>.</summary>
    public void FailPowerAfter(long operations) => _operationsLeft = operations;

    /// <summary>
    /// Power off and on: of each file's unsynced writes each survives whole, torn or not at all; of the directory's unsynced changes
    /// the first few survive. What is left is durable. Files that were open can no longer be used.
    /// </summary>
    public void Crash(Prng prng)
    {
        Kill();
        var survivingChanges = prng.Next(_unsyncedNameChanges.Count + 1);
        foreach (var change in _unsyncedNameChanges.Take(survivingChanges)) change(_durableNames);
        _unsyncedNameChanges.Clear();
        _names.Clear();
        foreach (var (name, content) in _durableNames)
        {
            content.Crash(prng);
            _names[name] = content;
        }
    }

    /// <summary>The process dies, the machine does not: all that was written stays readable and what was not synced is still not durable.</summary>
    public void Kill()
    {
        LifeCount++;
        _operationsLeft = null;
    }

    /// <summary>Flips one bit, as decay of the medium does. Durable at once.</summary>
    public void FlipBit(string name, long offset, int bit) => Find(name).FlipBit(offset, bit);

    /// <inheritdoc/>
    public IReadOnlyList<string> List()
    {
        DemandPower();
        return [.. _names.Keys];
    }

    /// <inheritdoc/>
    public IDiskFile Create(string name, long length)
    {
        Change();
        if (_names.ContainsKey(name)) throw new DiskException($"create {name}: it exists.");
        DemandSpace(length);
        var content = new SimFileContent();
        content.Truncate(length);
        Apply(names => names[name] = content);
        return new SimFile(this, name, content);
    }

    /// <inheritdoc/>
    public IDiskFile Open(string name)
    {
        DemandPower();
        return new SimFile(this, name, Find(name));
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        Change();
        Find(from);
        Apply(names =>
        {
            names.Remove(from, out var content);
            names[to] = content!;
        });
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        Change();
        Find(name);
        Apply(names => names.Remove(name));
    }

    /// <inheritdoc/>
    public void SyncDirectory()
    {
        Sync("the directory");
        foreach (var change in _unsyncedNameChanges) change(_durableNames);
        _unsyncedNameChanges.Clear();
    }

    /// <summary>Counts a changing operation; throws once the power is off.</summary>
    internal void Change()
    {
        DemandPower();
        _operationsLeft--;
    }

    /// <summary>Throws while the power is off.</summary>
    internal void DemandPower()
    {
        if (_operationsLeft is 0) throw new PowerFailedException();
    }

    /// <summary>Counts a sync of <paramref name="what"/>; throws when syncs fail.</summary>
    internal void Sync(string what)
    {
        Change();
        if (FailsSyncs) throw new DiskSyncException($"sync {what}: the medium failed.");
        SyncCount++;
    }

    /// <summary>Throws unless <paramref name="more"/> bytes are free.</summary>
    internal void DemandSpace(long more)
    {
        if (_names.Values.Sum(content => content.Length) + Math.Max(0, more) > CapacityBytes) throw new DiskFullException("the disk is full.");
    }

    private void Apply(Action<SortedDictionary<string, SimFileContent>> change)
    {
        change(_names);
        _unsyncedNameChanges.Add(change);
    }

    private SimFileContent Find(string name) => _names.TryGetValue(name, out var content) ? content : throw new DiskException($"{name}: no such file.");
}

/// <summary>The simulated power is off: the node that used the disk is to be crashed.</summary>
public sealed class PowerFailedException() : Exception("The power failed.");
