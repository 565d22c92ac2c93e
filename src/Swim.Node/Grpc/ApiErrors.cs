using Google.Protobuf;
using Grpc.Core;
using Swim.Core.Replication;

namespace Swim.Node.Grpc;

/// <summary>Failures of the API: a gRPC status with <see cref="V1.Error"/> in the trailer <c>swim-error-bin</c>.</summary>
internal static class ApiErrors
{
    /// <summary>The trailer's name.</summary>
    public const string Trailer = "swim-error-bin";

    public static RpcException Of(StatusCode status, string code, string message, bool retryable = false)
    {
        var error = new V1.Error { Code = code, Message = message, Retryable = retryable };
        return new RpcException(new Status(status, message), new Metadata { { Trailer, error.ToByteArray() } });
    }

    public static RpcException Invalid(string message) => Of(StatusCode.InvalidArgument, "INVALID_ARGUMENT", message);

    public static RpcException Of(Refused refused) => refused.Reason switch
    {
        RefusalReason.NotFound => Of(StatusCode.NotFound, refused.Code, refused.Message),
        RefusalReason.AlreadyExists => Of(StatusCode.AlreadyExists, refused.Code, refused.Message),
        RefusalReason.FailedPrecondition => Of(StatusCode.FailedPrecondition, refused.Code, refused.Message),
        RefusalReason.ResourceExhausted => Of(StatusCode.ResourceExhausted, refused.Code, refused.Message, true),
        _ => Of(StatusCode.Unavailable, refused.Code, refused.Message, true),
    };

    /// <summary>The code of a failed call to another node; that of its status where it tells none.</summary>
    public static string CodeOf(RpcException failure)
    {
        try
        {
            if (failure.Trailers.GetValueBytes(Trailer) is { } bytes) return V1.Error.Parser.ParseFrom(bytes).Code;
        }
        catch (InvalidProtocolBufferException)
        {
            // Then the status tells.
        }

        return failure.StatusCode.ToString();
    }

    public static RpcException Busy() => Of(StatusCode.ResourceExhausted, "BUSY", "This node has too much to do: try again later, or ask another.", true);
}
