using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Swim.Node.Configuration;
using Xunit;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Swim.Node.Tests;

/// <summary>What a stock health checker sees.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("swim-health-");
    private NodeHost _node = null!;
    private GrpcChannel _channel = null!;

    private Health.HealthClient Client => new(_channel);

    public async Task InitializeAsync()
    {
        _node = await NodeHost.StartAsync(new NodeOptions { DataDirectory = _directory.FullName, GrpcPort = 0, HttpPort = 0, UdpPort = 0, LogLevel = LogLevel.Warning });
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_node.GrpcPort}");
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _node.StopAsync();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("swim.v1.Workflows")]
    [InlineData("swim.v1.Cluster")]
    public async Task A_node_that_has_joined_is_serving(string service)
    {
        using var watch = Client.Watch(new HealthCheckRequest { Service = service });
        await UntilAsync(watch, ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, (await Client.CheckAsync(new HealthCheckRequest { Service = service })).Status);
        Assert.Equal(ServingStatus.Serving, (await Client.ListAsync(new HealthListRequest())).Statuses[service].Status);
    }

    [Fact]
    public async Task A_service_that_is_not_here_is_not_found_and_unknown_to_a_watch()
    {
        var request = new HealthCheckRequest { Service = "swim.v1.Nothing" };
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await Client.CheckAsync(request))).StatusCode);
        using var watch = Client.Watch(request);
        await UntilAsync(watch, ServingStatus.ServiceUnknown);
    }

    [Fact]
    public async Task A_node_that_stops_says_so_before_it_is_gone()
    {
        using var watch = Client.Watch(new HealthCheckRequest());
        await UntilAsync(watch, ServingStatus.Serving);
        var stopped = _node.StopAsync();
        await UntilAsync(watch, ServingStatus.NotServing);
        var end = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        await stopped;
    }

    private static async Task UntilAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus status)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        do Assert.True(await watch.ResponseStream.MoveNext(patience.Token));
        while (watch.ResponseStream.Current.Status != status);
    }
}
