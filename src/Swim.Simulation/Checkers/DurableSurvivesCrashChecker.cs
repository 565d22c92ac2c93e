namespace Swim.Simulation.Checkers;

/// <summary>What the log once called durable it gives back after every crash and loss of power, unless the medium decayed or there is another disk since.</summary>
internal sealed class DurableSurvivesCrashChecker : IChecker, IObserver
{
    private readonly SortedDictionary<int, long> _durable = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "DurableSurvivesCrash";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnDiskSetBack(int node, bool toBackup) => _durable.Remove(node);

    /// <inheritdoc/>
    public void OnDurable(int node, long position) => _durable[node] = position;

    /// <inheritdoc/>
    public void OnDecayed(int node) => _durable.Remove(node);

    /// <inheritdoc/>
    public void OnBeganAnew(int node) => _durable.Remove(node);

    /// <inheritdoc/>
    public void OnRecovered(int node, long position)
    {
        if (_durable.TryGetValue(node, out var durable) && position < durable)
            _violation ??= $"n{node} had {durable} records on its disk and found {position} of them";
        _durable[node] = position;
    }
}
