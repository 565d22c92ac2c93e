using Grpc.Core;
using Xunit;

namespace Swim.StandIns.Tests.Rpc;

public sealed class CallValuesTests
{
    [Fact]
    public void A_status_says_its_code_and_detail()
    {
        var status = new Status(StatusCode.NotFound, "no such thing");

        Assert.Equal("Status(StatusCode=\"NotFound\", Detail=\"no such thing\")", status.ToString());
        Assert.Equal(StatusCode.OK, Status.DefaultSuccess.StatusCode);
        Assert.Equal(StatusCode.Cancelled, Status.DefaultCancelled.StatusCode);
        Assert.Equal("", Status.DefaultSuccess.Detail);
    }

    [Fact]
    public void A_status_says_the_exception_behind_it()
    {
        var status = new Status(StatusCode.Unavailable, "gone", new TimeoutException("too late"));

        Assert.Equal("Status(StatusCode=\"Unavailable\", Detail=\"gone\", DebugException=\"System.TimeoutException: too late\")", status.ToString());
    }

    [Theory]
    [InlineData(StatusCode.OK, 0)]
    [InlineData(StatusCode.Cancelled, 1)]
    [InlineData(StatusCode.Unknown, 2)]
    [InlineData(StatusCode.InvalidArgument, 3)]
    [InlineData(StatusCode.DeadlineExceeded, 4)]
    [InlineData(StatusCode.NotFound, 5)]
    [InlineData(StatusCode.AlreadyExists, 6)]
    [InlineData(StatusCode.PermissionDenied, 7)]
    [InlineData(StatusCode.ResourceExhausted, 8)]
    [InlineData(StatusCode.FailedPrecondition, 9)]
    [InlineData(StatusCode.Aborted, 10)]
    [InlineData(StatusCode.OutOfRange, 11)]
    [InlineData(StatusCode.Unimplemented, 12)]
    [InlineData(StatusCode.Internal, 13)]
    [InlineData(StatusCode.Unavailable, 14)]
    [InlineData(StatusCode.DataLoss, 15)]
    [InlineData(StatusCode.Unauthenticated, 16)]
    public void A_status_code_has_the_number_of_the_specification(StatusCode code, int number) => Assert.Equal(number, (int)code);

    [Fact]
    public void An_exception_says_its_status_unless_told_otherwise()
    {
        var status = new Status(StatusCode.Aborted, "conflict");

        Assert.Equal(status.ToString(), new RpcException(status).Message);
        Assert.Equal("other", new RpcException(status, "other").Message);
        Assert.Equal(StatusCode.Aborted, new RpcException(status).StatusCode);
    }

    [Fact]
    public void An_exception_has_trailers_even_if_none_were_given()
    {
        var trailers = new Metadata { { "reason", "full" } };

        Assert.Empty(new RpcException(Status.DefaultCancelled).Trailers);
        Assert.Same(trailers, new RpcException(Status.DefaultCancelled, trailers).Trailers);
        Assert.Throws<ArgumentNullException>(() => new RpcException(Status.DefaultCancelled, (Metadata)null!, "message"));
    }

    [Fact]
    public void Call_options_change_only_what_they_are_told_to()
    {
        var headers = new Metadata();
        var deadline = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        using var source = new CancellationTokenSource();
        var before = new CallOptions(headers, deadline);

        var after = before.WithCancellationToken(source.Token).WithWaitForReady().WithWriteOptions(new WriteOptions(WriteFlags.NoCompress));

        Assert.False(before.IsWaitForReady);
        Assert.Null(before.WriteOptions);
        Assert.True(after.IsWaitForReady);
        Assert.Same(headers, after.Headers);
        Assert.Equal(deadline, after.Deadline);
        Assert.Equal(source.Token, after.CancellationToken);
        Assert.Equal(WriteFlags.NoCompress, after.WriteOptions!.Flags);
        Assert.False(after.WithWaitForReady(false).IsWaitForReady);
    }

    [Fact]
    public void A_method_is_called_by_its_path()
    {
        var method = new Method<string, string>(MethodType.Unary, "swim.v1.Workflows", "Submit", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        Assert.Equal("/swim.v1.Workflows/Submit", method.FullName);
        Assert.Equal("Submit", method.Name);
        Assert.Equal(MethodType.Unary, ((IMethod)method).Type);
    }
}
