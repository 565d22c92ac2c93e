using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.Extensions.Logging;
using Swim.Node.Configuration;
using Xunit;

namespace Swim.Node.Tests;

/// <summary>What a generic client learns of a node.</summary>
public sealed class ReflectionTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("swim-reflection-");
    private NodeHost _node = null!;
    private GrpcChannel _channel = null!;

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
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_services_for_clients_are_listed_and_the_one_between_nodes_is_not(bool isAlpha)
    {
        var answer = await AskAsync(new ServerReflectionRequest { ListServices = "" }, isAlpha);
        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "swim.v1.Cluster", "swim.v1.Workflows"],
            answer.ListServicesResponse.Service.Select(static service => service.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("swim.v1.Workflows", "swim/v1/workflows.proto")]
    [InlineData("swim.v1.Workflows.WatchWorkflow", "swim/v1/workflows.proto")]
    [InlineData("swim.v1.TaskState", "swim/v1/workflows.proto")]
    [InlineData("swim.v1.GetStatusResponse.CountersEntry", "swim/v1/cluster.proto")]
    [InlineData("grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto")]
    [InlineData("grpc.reflection.v1alpha.ServerReflection", "grpc/reflection/v1alpha/reflection.proto")]
    public async Task A_symbol_gives_its_file_with_all_that_it_imports(string symbol, string file)
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol }, false);
        var files = answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom).ToList();
        Assert.Equal(file, files[0].Name);
        Assert.Empty(files.SelectMany(static shown => shown.Dependency).Except(files.Select(static shown => shown.Name)));
        var same = await AskAsync(new ServerReflectionRequest { FileByFilename = file }, false);
        Assert.Equal(answer.FileDescriptorResponse, same.FileDescriptorResponse);
    }

    [Fact]
    public async Task What_is_not_here_is_an_answer_and_the_stream_goes_on()
    {
        var client = new ServerReflection.ServerReflectionClient(_channel);
        using var call = client.ServerReflectionInfo();
        ServerReflectionRequest[] wrong =
        [
            new() { FileByFilename = "x.proto" }, new() { FileContainingSymbol = "swim.v1.Peer" }, new() { AllExtensionNumbersOfType = "x" },
            new() { FileContainingExtension = new ExtensionRequest { ContainingType = "swim.v1.Task", ExtensionNumber = 5 } }, new(),
        ];
        foreach (var request in wrong)
        {
            await call.RequestStream.WriteAsync(request);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            var expected = request.MessageRequestCase == ServerReflectionRequest.MessageRequestOneofCase.None ? StatusCode.InvalidArgument : StatusCode.NotFound;
            Assert.Equal((int)expected, call.ResponseStream.Current.ErrorResponse.ErrorCode);
            Assert.Equal(request, call.ResponseStream.Current.OriginalRequest);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request, bool isAlpha)
    {
        using var call = isAlpha
            ? new global::Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(_channel).ServerReflectionInfo()
            : new ServerReflection.ServerReflectionClient(_channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var answer = call.ResponseStream.Current;
        await call.RequestStream.CompleteAsync();
        return answer;
    }
}
