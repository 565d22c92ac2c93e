using Grpc.Core;
using Grpc.Reflection.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Node.Grpc;

/// <summary>The standard reflection service: tells generic clients the services meant for them, with their messages.</summary>
internal sealed class ReflectionService : ServerReflection.ServerReflectionBase
{
    public override Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context) =>
        ReflectionAnswers.AnswerAsync(requestStream, responseStream, context);
}

/// <summary>The same under its first name.</summary>
internal sealed class ReflectionAlphaService : global::Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionBase
{
    public override Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context) =>
        ReflectionAnswers.AnswerAsync(requestStream, responseStream, context);
}
