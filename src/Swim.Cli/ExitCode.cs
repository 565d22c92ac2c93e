using Grpc.Core;
using Swim.Client;

namespace Swim.Cli;

/// <summary>What the command tells its caller by its exit code.</summary>
public static class ExitCode
{
    /// <summary>Done; where the end of a workflow was waited for, it SUCCEEDED.</summary>
    public const int Ok = 0;

    /// <summary>The workflow that was waited for did not succeed, or the node ended because of a fault, or a log has faults.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a file or the request is wrong: the same again gives the same.</summary>
    public const int BadInput = 2;

    /// <summary>No node can be reached, or none could serve the request now.</summary>
    public const int Unreachable = 3;

    /// <summary>The time given by <c>--timeout</c> ran out.</summary>
    public const int TimedOut = 4;

    /// <summary>Ended by Ctrl-C or SIGTERM, as shells count it.</summary>
    public const int Interrupted = 130;

    /// <summary>The code for a failed call.</summary>
    public static int Of(SwimException failure) => failure.Status switch
    {
        StatusCode.DeadlineExceeded => TimedOut,
        // A full node may have room later; a document that is too large will not shrink.
        StatusCode.ResourceExhausted => failure.Retryable ? Unreachable : BadInput,
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.PermissionDenied
            or StatusCode.FailedPrecondition or StatusCode.OutOfRange or StatusCode.Unimplemented or StatusCode.Unauthenticated => BadInput,
        _ => Unreachable,
    };
}
