using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>What a client is told when a call fails before a service sees it.</summary>
public sealed class ErrorTrailerTests
{
    [Fact]
    public async Task Calls_that_no_service_sees_fail_with_an_error_in_the_trailer()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{cluster[0].GrpcPort}");
        var tooLarge = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Workflows.WorkflowsClient(channel).ValidateWorkflowAsync(new ValidateWorkflowRequest { Document = new string('x', 41 << 20) }));
        Assert.Equal(StatusCode.ResourceExhausted, tooLarge.StatusCode);
        Assert.Equal(("RESOURCE_EXHAUSTED", false), (ErrorOf(tooLarge).Code, ErrorOf(tooLarge).Retryable));
        Assert.Equal(tooLarge.Status.Detail, ErrorOf(tooLarge).Message);

        var marshaller = Marshallers.Create(static (GetRingRequest request) => request.ToByteArray(), GetRingRequest.Parser.ParseFrom);
        foreach (var service in new[] { "swim.v1.Workflows", "swim.v1.Nothing" })
        {
            var method = new Method<GetRingRequest, GetRingRequest>(MethodType.Unary, service, "Nothing", marshaller, marshaller);
            var unknown = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, new GetRingRequest()));
            Assert.Equal((StatusCode.Unimplemented, "UNIMPLEMENTED"), (unknown.StatusCode, ErrorOf(unknown).Code));
        }
    }

    private static Error ErrorOf(RpcException failure) => Error.Parser.ParseFrom(Assert.Single(failure.Trailers, static entry => entry.Key == "swim-error-bin").ValueBytes);
}
