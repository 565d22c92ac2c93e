using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Swim.V1;
using Asked = Grpc.Reflection.V1.ServerReflectionRequest.MessageRequestOneofCase;
using Task = System.Threading.Tasks.Task;

namespace Swim.Node.Grpc;

/// <summary>What reflection tells: the services for clients, not the one between nodes, and every name in their files.</summary>
internal static class ReflectionAnswers
{
    private static readonly FileDescriptor[] Roots =
    [
        WorkflowsReflection.Descriptor, ClusterReflection.Descriptor, HealthReflection.Descriptor, ReflectionReflection.Descriptor,
        global::Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor,
    ];

    private static readonly Dictionary<string, FileDescriptor> ByFile = Roots.SelectMany(WithImports).DistinctBy(static file => file.Name).ToDictionary(static file => file.Name);
    private static readonly Dictionary<string, FileDescriptor> BySymbol = ByFile.Values.SelectMany(static file => SymbolsOf(file).Select(name => (name, file))).ToDictionary();

    public static async Task AnswerAsync(IAsyncStreamReader<ServerReflectionRequest> requests, IServerStreamWriter<ServerReflectionResponse> responses, ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken).ConfigureAwait(false))
            await responses.WriteAsync(AnswerTo(requests.Current), context.CancellationToken).ConfigureAwait(false);
    }

    private static ServerReflectionResponse AnswerTo(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Asked.ListServices:
                response.ListServicesResponse = new ListServiceResponse { Service = { Roots.SelectMany(static file => file.Services).Select(static service => new ServiceResponse { Name = service.FullName }) } };
                break;
            case Asked.FileByFilename when ByFile.TryGetValue(request.FileByFilename, out var file): response.FileDescriptorResponse = Shown(file); break;
            case Asked.FileContainingSymbol when BySymbol.TryGetValue(request.FileContainingSymbol, out var file): response.FileDescriptorResponse = Shown(file); break;
            // The files here declare no extensions.
            case Asked.AllExtensionNumbersOfType when BySymbol.ContainsKey(request.AllExtensionNumbersOfType):
                response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case Asked.None:
                response.ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.InvalidArgument, ErrorMessage = "The request asks nothing that this server knows." };
                break;
            default:
                response.ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = "There is nothing of that name here: ask for list_services." };
                break;
        }

        return response;
    }

    private static FileDescriptorResponse Shown(FileDescriptor file) =>
        new() { FileDescriptorProto = { WithImports(file).Distinct().Select(static shown => shown.SerializedData) } };

    private static IEnumerable<FileDescriptor> WithImports(FileDescriptor file) => file.Dependencies.SelectMany(WithImports).Prepend(file);

    private static IEnumerable<string> SymbolsOf(FileDescriptor file) =>
    [
        .. file.Services.SelectMany(static service => service.Methods.Select(static method => method.FullName).Prepend(service.FullName)),
        .. file.EnumTypes.Select(static type => type.FullName),
        .. file.MessageTypes.SelectMany(SymbolsOf),
    ];

    private static IEnumerable<string> SymbolsOf(MessageDescriptor message) =>
        [message.FullName, .. message.EnumTypes.Select(static type => type.FullName), .. message.NestedTypes.SelectMany(SymbolsOf)];
}
