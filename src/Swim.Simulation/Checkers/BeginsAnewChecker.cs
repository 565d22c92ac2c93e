using MessagePack;

namespace Swim.Simulation.Checkers;

/// <summary>
/// A node that was removed and comes back writes nothing under a writer id that it had before, holds what it held before only if others
/// gave it, and what nobody gave it lies aside.
/// </summary>
internal sealed class BeginsAnewChecker : IChecker, IObserver
{
    private readonly Dictionary<int, SortedSet<ulong>> _writers = [];
    private readonly Dictionary<int, SortedSet<ulong>> _old = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "RemovedBeginsAnew";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        if (_violation is not null) return _violation;
        foreach (var node in cluster.UpNodes.Where(node => cluster.Removed.Contains(node.Index)))
        {
            if (!_old.ContainsKey(node.Index)) return $"n{node.Index} was removed, came back, and did not begin anew";
            if (node.Replica!.Lost.Cells > 0) return $"n{node.Index} has {node.Replica.Lost.Cells} cells that no owner has seen, though none of them was promised to be nowhere else";
        }

        return null;
    }

    /// <inheritdoc/>
    public void OnBeganAnew(int node)
    {
        if (!_old.TryGetValue(node, out var old)) _old[node] = old = [];
        old.UnionWith(WritersOf(node));
        WritersOf(node).Clear();
    }

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
        var reader = new MessagePackReader(record);
        reader.ReadArrayHeader();
        var actor = reader.ReadUInt64();
        if (actor == 0) return;
        WritersOf(node).Add(actor);
        if (_old.TryGetValue(node, out var old) && old.Contains(actor)) _violation ??= $"n{node} writes as {actor:x}, as before it was removed";
    }

    private SortedSet<ulong> WritersOf(int node)
    {
        if (!_writers.TryGetValue(node, out var writers)) _writers[node] = writers = [];
        return writers;
    }
}
