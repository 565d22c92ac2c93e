using MessagePack;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>A new owner of a bucket writes nothing in it before it exchanged it with those who may hold it.</summary>
internal sealed class NewOwnersAskFirstChecker(Workload work) : IChecker, IObserver
{
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "NewOwnersAskFirst";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
        if (_violation is not null || work.Cluster.Nodes[node].Replica is not { BootstrappingCount: > 0 } replica) return;
        var reader = new MessagePackReader(record);
        reader.ReadArrayHeader();
        var actor = reader.ReadUInt64();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var frame = DeltaFrameCodec.Read(ref reader);
            if (frame.Actor == actor && frame.Bucket < Buckets.Count && replica.IsBootstrapping(frame.Bucket))
                _violation ??= $"n{node}, a new owner of bucket {frame.Bucket}, wrote in it before it had heard what is there";
        }
    }
}
