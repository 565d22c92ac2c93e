using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using Swim.Node.Hosting;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;
using Task = System.Threading.Tasks.Task;

namespace Swim.Node.Grpc;

/// <summary>
/// The standard health service: SERVING from when the node has joined its cluster until it begins to stop. The services of the API
/// share one status, since none of them works without the others.
/// </summary>
internal sealed class HealthService(NodeParts parts, IHostApplicationLifetime lifetime) : Health.HealthBase
{
    private static readonly string[] Services = ["", "swim.v1.Workflows", "swim.v1.Cluster"];
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (StatusOf(request.Service) is var status && status == ServingStatus.ServiceUnknown)
            throw ApiErrors.Of(StatusCode.NotFound, "NOT_FOUND", $"There is no service '{request.Service}' here: ask for {string.Join(", ", Services.Skip(1))}, or for none.");
        return Task.FromResult(new HealthCheckResponse { Status = status });
    }

    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var response = new HealthListResponse();
        foreach (var service in Services) response.Statuses[service] = new HealthCheckResponse { Status = StatusOf(service) };
        return Task.FromResult(response);
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ServingStatus? told = null;
        while (!context.CancellationToken.IsCancellationRequested)
        {
            var status = StatusOf(request.Service);
            if (status != told) await responseStream.WriteAsync(new HealthCheckResponse { Status = status }).ConfigureAwait(false);
            told = status;
            // Whoever watches a node that ends should ask another.
            if (lifetime.ApplicationStopping.IsCancellationRequested) throw ApiErrors.Of(StatusCode.Unavailable, "STOPPING", "This node is stopping: ask another.", true);
            await Task.Delay(Period, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private ServingStatus StatusOf(string service)
    {
        if (!Services.Contains(service)) return ServingStatus.ServiceUnknown;
        return parts.IsReady && !lifetime.ApplicationStopping.IsCancellationRequested ? ServingStatus.Serving : ServingStatus.NotServing;
    }
}
