extern alias node;

using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using node::Swim.Node.Configuration;
using node::Swim.Node.Disk;
using node::Swim.Node.Grpc;
using node::Swim.Node.Hosting;
using node::Swim.Node.Observability;
using node::Swim.Node.Transport;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Scheduling;
using Swim.Core.Storage;

namespace Swim.Benchmarks;

/// <summary>
/// The state of a real node: its loop, its log on the disk, its gRPC streams on loopback. Who is up the benchmark says, in the place of
/// the membership: so a split begins and ends at a known moment.
/// </summary>
internal sealed class LoopbackNode : IAsyncDisposable
{
    private const ulong ClusterId = 7;
    private readonly ReplicaCore _replica;
    private readonly LinuxDisk _disk;
    private readonly DiskWriter _writer;
    private readonly StateLoop _state;
    private readonly PeerChannels _channels = new();
    private readonly PeerStreams _streams;
    private readonly WebApplication _web;
    private readonly CancellationTokenSource _stopping = new();
    private MembersSnapshot _members = MembersSnapshot.Empty;
    private Exception? _failure;

    /// <summary>Serves; knows nobody until <see cref="Tell"/>.</summary>
    public LoopbackNode(NodeId id, string directory)
    {
        Id = id;
        var (options, counters) = (new NodeOptions { DataDirectory = directory }, new Counters());
        // Its streams ask for neither membership nor departure.
        _web = Web(() => new NodeParts(options, id, "", ClusterId, 0, null!, _state!, counters) { Departure = null!, Channels = null!, Stopping = _stopping.Token });
        var metrics = new NodeMetrics(_web.Services.GetRequiredService<IMeterFactory>(), counters);
        _replica = new ReplicaCore(new ReplicaSettings(id, ClusterId), new Prng(id.Value));
        _state = new StateLoop(id, _replica, new SchedulerCore(16), options, counters, metrics, NodeLogging.LogOf(_web.Services.GetRequiredService<ILoggerFactory>(), id), OnFatal);
        _disk = LinuxDisk.OpenDirectory(directory);
        var log = CellLog.Open(_disk, new CellLogOptions { Owner = id }, _state.Receiver, out var report);
        _state.OnRecovered(report.LastPosition);
        _writer = new DiskWriter(log, new DiskWriterOptions(), new DiskEvents(_state.OnPersisted, OnFatal, static _ => { }));
        _streams = new PeerStreams(_channels, () => Volatile.Read(ref _members), PeerStreams.IdentityOf(id, ClusterId), counters, metrics.Peers);
    }

    /// <summary>Its identity.</summary>
    public NodeId Id { get; }

    /// <summary>The port of its streams.</summary>
    public int Port => new Uri(_web.Urls.First()).Port;

    /// <summary>Begins.</summary>
    public async Task StartAsync()
    {
        await _web.StartAsync().ConfigureAwait(false);
        _state.Start(_writer, _streams);
    }

    /// <summary>Who is up from now on.</summary>
    public void Tell(MembersSnapshot members)
    {
        Volatile.Write(ref _members, members);
        _state.OnMembers(members);
    }

    /// <summary>Something another node said.</summary>
    public void Take(NodeId from, PeerMessage message) => _state.OnFrame(from, PeerCodec.Encode(message));

    /// <summary>How many cells it holds; asked in the loop, and nothing else with it that would take its time.</summary>
    public async Task<long> CellsAsync()
    {
        if (_failure is not null) throw new InvalidOperationException("A node failed.", _failure);
        return (await _state.LookAtRingAsync((_, _) => new[] { _replica.CellCount }).ConfigureAwait(false))?[0] ?? 0;
    }

    /// <summary>The digests of all buckets.</summary>
    public async Task<List<UInt128>> DigestsAsync() =>
        await _state.LookAtRingAsync((_, _) => Enumerable.Range(0, Buckets.Count).Select(_replica.DigestOf).ToList()).ConfigureAwait(false) ?? [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _state.Dispose();
        await _web.StopAsync().ConfigureAwait(false);
        await _streams.DisposeAsync().ConfigureAwait(false);
        _writer.Dispose();
        _channels.Dispose();
        _disk.Dispose();
        await _web.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void OnFatal(Exception failure) => _failure = failure;

    private static WebApplication Web(Func<NodeParts> parts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(static grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (32 << 20, 32 << 20));
        builder.Services.AddSingleton(_ => parts());
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        var web = builder.Build();
        web.MapGrpcService<PeerService>();
        return web;
    }
}
