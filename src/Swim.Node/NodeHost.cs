using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Storage;
using Swim.Core.Workflows.Tools;
using Swim.Node.Configuration;
using Swim.Node.Disk;
using Swim.Node.Grpc;
using Swim.Node.Hosting;
using Swim.Node.Http;
using Swim.Node.Observability;
using Swim.Node.Transport;
using Swim.Node.Transport.Sealing;

namespace Swim.Node;

/// <summary>
/// One node: its directory, its two loops, its ports. Several may live in one process, each with a directory of its own.
/// </summary>
public sealed class NodeHost : IAsyncDisposable
{
    private const int RequestBytesMax = 40 << 20;
    private const int PeerMessageBytesMax = 32 << 20;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NodeOptions _options;
    private readonly Counters _counters = new();
    private readonly PeerChannels _channels = new();
    private LinuxDisk _disk = null!;
    private DiskWriter _writer = null!;
    private MembershipLoop _membership = null!;
    private StateLoop _state = null!;
    private PeerStreams _peers = null!;
    private WebApplication _web = null!;
    private NodeLog _log = null!;
    private NodeMetrics _metrics = null!;
    private MetricsPage _page = null!;
    private ConnectionFaults _connectionFaults = null!;
    private readonly CancellationTokenSource _stopping = new();
    private ulong _stateSince;
    private int _isRemoved;
    private int _isStopped;

    private NodeHost(NodeOptions options) => _options = options;

    /// <summary>The node's identity.</summary>
    public NodeId Id { get; private set; }

    /// <summary>The name shown to people.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The gRPC port in use.</summary>
    public int GrpcPort { get; private set; }

    /// <summary>The HTTP port in use.</summary>
    public int HttpPort { get; private set; }

    /// <summary>The UDP port in use.</summary>
    public int UdpPort { get; private set; }

    /// <summary>All that is served on the TCP ports.</summary>
    internal IEnumerable<Endpoint> Endpoints => ((IEndpointRouteBuilder)_web).DataSources.SelectMany(static source => source.Endpoints);

    /// <summary>True once the node has joined its cluster, or has nobody to join.</summary>
    public bool IsReady => _membership.IsReady;

    /// <summary>Among how many live members, itself one of them, this node serves and plans; 0 until it has exchanged state with all of them.</summary>
    public int PlansAmong => _state.PlansAmong;

    /// <summary>Ends when the node has stopped; faults when it had to: a broken invariant or a disk that fails. The process must end then.</summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// Starts a node. Throws <see cref="ArgumentException"/> with every fault of the options, <see cref="DiskException"/> when the
    /// directory cannot be used, <see cref="IOException"/> when a port is taken.
    /// </summary>
    public static async Task<NodeHost> StartAsync(NodeOptions options, CancellationToken cancellation = default)
    {
        var faults = options.Validate().ToList();
        if (faults.Count > 0) throw new ArgumentException(string.Join('\n', faults), nameof(options));
        var host = new NodeHost(options);
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            // Free for the next try.
            host._disk?.Dispose();
            throw;
        }

        return host;
    }

    /// <summary>Says farewell, lets the log reach the disk, and closes everything. What runs here will be run again elsewhere.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _membership.Farewell();
        _state.Dispose();
        await _web.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token).ConfigureAwait(false);
        await _peers.DisposeAsync().ConfigureAwait(false);
        _membership.Dispose();
        _writer.Dispose();
        _channels.Dispose();
        _disk.Dispose();
        _connectionFaults.Dispose();
        await _web.DisposeAsync().ConfigureAwait(false);
        _page.Dispose();
        _completion.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task StartAsync(CancellationToken cancellation)
    {
        _web = BuildWeb();
        MeasureFromHere();
        _disk = LinuxDisk.OpenDirectory(Path.GetFullPath(_options.DataDirectory));
        _disk.OnSynced = _metrics.Log.Synced;
        var identity = Identity.Open(_disk);
        Id = identity.Id;
        _stateSince = SetAside.Prepare(_disk, identity.Epoch, Identity.Files);
        _log = NodeLogging.LogOf(_web.Services.GetRequiredService<ILoggerFactory>(), Id);
        var clusterId = Identity.ClusterIdOf(_options.Cluster);
        _state = new StateLoop(
            Id, new ReplicaCore(new ReplicaSettings(Id, clusterId, _options.Replicas) { Forgetting = _options.Forgetting }, NewPrng()), new SchedulerCore(_options.Slots), _options, _counters, _metrics, _log, OnFatal);
        var log = OpenLog(hasOthers: identity.WasMember || _options.Seeds.Count > 0, out var report);
        _writer = new DiskWriter(log, new DiskWriterOptions(), new DiskEvents(_state.OnPersisted, OnFatal, OnFullChanged)
        {
            OnFlushed = _metrics.Log.Flushed,
            OnCheckpointDue = _state.OnCheckpointDue,
            OnPieceWritten = OnPieceWritten,
        });
        var udp = new UdpPort(IPAddress.Parse(_options.Bind), _options.UdpPort, _counters, _metrics.Peers);
        UdpPort = udp.Port;
        MapServices();
        _connectionFaults = new ConnectionFaults(_web.Services.GetRequiredService<IMeterFactory>(), _counters);
        // Requests wait for the node until it has published itself: the ports must be known before.
        await _web.StartAsync(cancellation).ConfigureAwait(false);
        (GrpcPort, HttpPort) = PortsOf(_web);
        StartLoops(identity, clusterId, udp);
        _log.Started(Id.ToString(), Name, GrpcPort, HttpPort, UdpPort, identity.Epoch, report.LastPosition);
        if (!IPAddress.IsLoopback(IPAddress.Parse(_options.Bind))) _log.Insecure(_options.Bind);
    }

    // Others have what this node cannot read any more; without others it goes on only if told to.
    private CellLog OpenLog(bool hasOthers, out RecoveryReport report)
    {
        var bytes = _options.CheckpointMib << 20;
        var options = new CellLogOptions
        {
            Owner = Id,
            CheckpointBytes = bytes,
            SegmentBytes = Math.Min(bytes, _options.LogSegmentBytes),
            AcceptsDamage = hasOthers || _options.AcceptLogDamage,
        };
        try
        {
            var log = CellLog.Open(_disk, options, _state.Receiver, out report);
            if (report.DamagedBuckets > 0 && !options.AcceptsDamage) throw new DamagedStateException(_options.DataDirectory, $"{report.DamagedBuckets} buckets of the checkpoint cannot be read.");
            _state.OnRecovered(report.LastPosition);
            ReadAside(options);
            Tell(report);
            return log;
        }
        catch (CorruptLogException damage) when (damage.CanGoOn)
        {
            throw new DamagedStateException(_options.DataDirectory, damage.Message);
        }
    }

    // What a life of this node held that was removed: looked at, never merged.
    private void ReadAside(CellLogOptions options)
    {
        if (SetAside.Read(_disk, options, _state.AsideReceiver) is var unreadable and > 0) _log.AsideUnreadable(unreadable);
        _state.BeginLostAndFound();
    }

    private void OnDeclaredLeft(ulong epoch)
    {
        if (Interlocked.Exchange(ref _isRemoved, 1) != 0) return;
        SetAside.MarkRemoved(_disk, epoch);
        _log.Removed(epoch);
        _completion.TrySetException(new RemovedFromClusterException(epoch));
    }

    private void Tell(RecoveryReport report)
    {
        if (report.DroppedBytes > 0) _log.TornTail(report.DroppedBytes, report.TornOffset, report.TornFile);
        if (report.DamagedBuckets > 0) _log.DamagedState(report.DamagedBuckets);
        foreach (var damage in report.Damage)
            _log.DamagedLog(damage.First, damage.Last, damage.Bytes, damage.Offset, damage.File, damage.Buckets is { } buckets ? $"buckets {string.Join(", ", buckets)}" : "every bucket");
        _metrics.Log.Damaged(report.DamagedBuckets, report.Damage.Count);
    }

    // Before anything can be counted.
    private void MeasureFromHere()
    {
        _metrics = new NodeMetrics(_web.Services.GetRequiredService<IMeterFactory>(), _counters);
        _page = new MetricsPage(_metrics, () => _parts.Task.IsCompletedSuccessfully ? _parts.Task.Result : null, _options.Slots);
    }

    private async Task ScrapeAsync(HttpContext context)
    {
        var page = await _page.WriteAsync(context.RequestAborted).ConfigureAwait(false);
        await ProtoJson.WriteAsync(context, PrometheusScrape.ContentType, page).ConfigureAwait(false);
    }

    private void StartLoops(Identity identity, ulong clusterId, UdpPort udp)
    {
        var seal = SealOf(identity);
        var advertise = Advertised.HostOf(_options);
        Name = _options.Name ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{GrpcPort}");
        var setup = new MembershipSetup
        {
            Id = Id,
            Epoch = identity.Epoch,
            Meta = new MemberMeta(Name, advertise, GrpcPort, HttpPort, UdpPort, _options.Zone, _options.Slots) { Capabilities = _options.AllowShell ? $"{ToolCatalog.ShellCapability} {ToolCatalog.HttpCapability}" : ToolCatalog.HttpCapability, StateSince = _stateSince },
            ClusterId = clusterId,
            Seeds = [.. _options.Seeds.Select(static seed => seed.ToString())],
            Bootstrap = _options.Bootstrap,
            WasMember = identity.WasMember,
            Known = identity.Known,
            Seal = seal,
        };
        var header = PeerStreams.IdentityOf(Id, clusterId);
        _membership = new MembershipLoop(
            new MembershipCore(setup, _options.Membership, NewPrng()), udp, seal, new PushPullClient(_channels, header), _options.Membership.ProtocolPeriod, _disk, _counters, _metrics, _log, OnFatal);
        _peers = new PeerStreams(_channels, () => _membership.Members, header, _counters, _metrics.Peers);
        _membership.Changed += _state.OnMembers;
        _membership.DeclaredLeft += OnDeclaredLeft;
        _state.Removed += _membership.OnRemovals;
        _state.AllCovered += () => SetAside.Delete(_disk);
        _state.Start(_writer, _peers);
        _membership.Start();
        // Last: a call that waits for this would else be an input before the start.
        _parts.SetResult(new NodeParts(_options, Id, Name, clusterId, HostClock.Now.Ticks, _membership, _state, _counters)
        {
            Stopping = _stopping.Token,
            Channels = _channels,
            Keys = seal is null ? null : new KeyKeeper(seal, Path.GetFullPath(_options.KeysFile!), _log.KeysChanged),
            Departure = new Departure(_state, _membership, StopAsync, _stopping.Token),
        });
    }

    private AesGcmSeal? SealOf(Identity identity)
    {
        if (_options.KeysFile is not { } file) return null;
        var faults = new List<string>();
        // It was right a moment ago, when the options were looked at.
        var ring = KeysFile.TryRead(file, faults) ?? throw new IOException(string.Join('\n', faults));
        _log.Sealing(ring.Keys.Count, ring.Primary.Fingerprint);
        return new AesGcmSeal(ring, _options.Cluster, Id, identity.Epoch);
    }

    private readonly TaskCompletionSource<NodeParts> _parts = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebApplication BuildWeb()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "swim" });
        NodeLogging.Configure(builder.Logging, _options);
        builder.Services.AddGrpc(static grpc =>
        {
            grpc.MaxReceiveMessageSize = RequestBytesMax;
            grpc.MaxSendMessageSize = PeerMessageBytesMax;
            // Its catch-all would answer every unknown HTTP path of two parts with 405; ErrorTrailer answers unknown services.
            grpc.IgnoreUnknownServices = true;
        }).AddServiceOptions<PeerService>(static grpc => grpc.MaxReceiveMessageSize = PeerMessageBytesMax);
        builder.Services.AddSingleton(_ => _parts.Task.Result);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var bind = IPAddress.Parse(_options.Bind);
            kestrel.Listen(bind, _options.GrpcPort, static listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(bind, _options.HttpPort, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_024;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.MaxConcurrentConnections = 4_096;
        });
        return builder.Build();
    }

    private void MapServices()
    {
        _web.Use(new ApiCallMeter(_metrics).InvokeAsync);
        _web.Use(ErrorTrailer.InvokeAsync);
        _web.Use(HttpFailures.InvokeAsync);
        _web.MapGrpcService<WorkflowsService>();
        _web.MapGrpcService<ClusterService>();
        _web.MapGrpcService<PeerService>();
        _web.MapGrpcService<HealthService>();
        _web.MapGrpcService<ReflectionService>();
        _web.MapGrpcService<ReflectionAlphaService>();
        new HttpFace(_parts.Task, new HttpRoute(HttpMethods.Get, "/metrics", "GetMetrics", "Counters and gauges in the Prometheus text format.") { ContentType = PrometheusScrape.ContentType, Handle = ScrapeAsync }).Map(_web);
    }

    private static (int Grpc, int Http) PortsOf(WebApplication web)
    {
        var ports = web.Urls.Select(static url => new Uri(url).Port).ToList();
        return (ports[0], ports[1]);
    }

    private void OnFullChanged(bool isFull)
    {
        _metrics.Log.FullChanged(isFull);
        _state.OnFullChanged(isFull);
        if (isFull) _log.DiskFull();
        else _log.DiskHasSpace();
    }

    private void OnPieceWritten(CheckpointStep step)
    {
        _metrics.Log.CheckpointStep(step);
        if (step == CheckpointStep.GivenUp) _log.CheckpointGivenUp();
        _state.OnPieceWritten(step);
    }

    private void OnFatal(Exception failure)
    {
        _log.Fatal(failure.Message, failure);
        _completion.TrySetException(failure);
    }

    private static Prng NewPrng() => new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
}
