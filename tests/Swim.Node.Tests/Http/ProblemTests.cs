using System.Text.Json.Nodes;
using Grpc.Core;
using Swim.Node.Grpc;
using Swim.Node.Http;
using Xunit;

namespace Swim.Node.Tests.Http;

/// <summary>How failures of the API look over HTTP.</summary>
public sealed class ProblemTests
{
    [Theory]
    [InlineData(StatusCode.InvalidArgument, false, 400)]
    [InlineData(StatusCode.FailedPrecondition, false, 400)]
    [InlineData(StatusCode.OutOfRange, false, 400)]
    [InlineData(StatusCode.Unauthenticated, false, 401)]
    [InlineData(StatusCode.PermissionDenied, false, 403)]
    [InlineData(StatusCode.NotFound, false, 404)]
    [InlineData(StatusCode.AlreadyExists, false, 409)]
    [InlineData(StatusCode.Aborted, true, 409)]
    [InlineData(StatusCode.ResourceExhausted, false, 413)]
    [InlineData(StatusCode.ResourceExhausted, true, 429)]
    [InlineData(StatusCode.Cancelled, false, 499)]
    [InlineData(StatusCode.Internal, false, 500)]
    [InlineData(StatusCode.Unknown, false, 500)]
    [InlineData(StatusCode.DataLoss, false, 500)]
    [InlineData(StatusCode.Unimplemented, false, 501)]
    [InlineData(StatusCode.Unavailable, true, 503)]
    [InlineData(StatusCode.DeadlineExceeded, true, 504)]
    public void Each_status_of_grpc_has_one_of_http(StatusCode status, bool isRetryable, int expected)
    {
        var problem = Problem.Of(ApiErrors.Of(status, "CODE", "it's \"so\"", isRetryable));
        Assert.Equal(expected, problem.Status);
        var json = JsonNode.Parse(problem.Text())!;
        Assert.Equal(("CODE", "it's \"so\"", "it's \"so\"", isRetryable, "0"), ((string)json["code"]!, (string)json["message"]!, (string)json["detail"]!, (bool)json["retryable"]!, (string)json["retry_after_ms"]!));
    }

    [Fact]
    public void A_failure_without_an_error_in_its_trailer_is_told_by_its_status() =>
        Assert.Equal((503, "UNAVAILABLE", "gone"), Problem.Of(new RpcException(new Status(StatusCode.Unavailable, "gone"))) is var problem ? (problem.Status, problem.Error.Code, problem.Error.Message) : default);
}
