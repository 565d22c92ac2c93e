using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Swim.Node.Grpc;
using Swim.Node.Hosting;
using Swim.V1;

namespace Swim.Node.Http;

/// <summary>The routes of the API: each gathers the request message of one RPC and hands it to the service that gRPC clients use.</summary>
internal sealed class WorkflowRoutes(Task<NodeParts> parts)
{
    private const string One = "/v1/workflows/{workflow_id}";

    /// <summary>All of them, in the order in which they are described.</summary>
    public IReadOnlyList<HttpRoute> All() =>
    [
        Submit(),
        Get<ListWorkflowsRequest>("/v1/workflows", "ListWorkflows", "The workflows of a namespace, newest first, page by page.", ListWorkflowsResponse.Descriptor, [400, 429, 503, 504],
            static async (node, request, call) => await new WorkflowsService(node).ListWorkflows(request, call).ConfigureAwait(false)),
        Get<GetWorkflowRequest>(One, "GetWorkflow", "The state of one workflow; with wait_ms, once it has ended.", Workflow.Descriptor, [400, 404, 429, 503, 504],
            static async (node, request, call) => await new WorkflowsService(node).GetWorkflow(request, call).ConfigureAwait(false)),
        Watch(),
        Cancel(),
        Validate(),
        Get<ExplainWorkflowRequest>(One + "/explain", "ExplainWorkflow", "Why tasks that are neither ended nor running are not, as the owner that plans the workflow knows it.", ExplainWorkflowResponse.Descriptor, [400, 404, 429, 503, 504],
            static async (node, request, call) => await new WorkflowsService(node).ExplainWorkflow(request, call).ConfigureAwait(false)),
        Get<ListMergesRequest>("/v1/merges", "ListMerges", "The workflows that were worked on in two places at once, with what ran twice, page by page.", ListMergesResponse.Descriptor, [400, 429, 503, 504],
            static async (node, request, call) => await new WorkflowsService(node).ListMerges(request, call).ConfigureAwait(false)),
        Get<GetStatusRequest>("/v1/cluster/status", "GetStatus", "The answering node's own state.", GetStatusResponse.Descriptor, [],
            static async (node, request, call) => await new ClusterService(node).GetStatus(request, call).ConfigureAwait(false)),
        Get<GetMembersRequest>("/v1/cluster/members", "GetMembers", "Every member the answering node knows of, the dead ones too.", GetMembersResponse.Descriptor, [],
            static async (node, request, call) => await new ClusterService(node).GetMembers(request, call).ConfigureAwait(false)),
        Get<GetReachRequest>("/v1/cluster/reach", "GetReach", "By which way the members answered the answering node's last probes.", GetReachResponse.Descriptor, [429],
            static async (node, request, call) => await new ClusterService(node).GetReach(request, call).ConfigureAwait(false)),
        Get<GetRttRequest>("/v1/cluster/rtt", "GetRtt", "How far members are from one another, foretold and as measured.", GetRttResponse.Descriptor, [400, 404, 429],
            static async (node, request, call) => await new ClusterService(node).GetRtt(request, call).ConfigureAwait(false)),
        Get<GetRingRequest>("/v1/cluster/ring", "GetRing", "The ring as the answering node sees it, and who owns a workflow.", GetRingResponse.Descriptor, [400, 503],
            static async (node, request, call) => await new ClusterService(node).GetRing(request, call).ConfigureAwait(false)),
        RemoveMember(),
    ];

    private HttpRoute Submit() => new(HttpMethods.Post, "/v1/workflows", "SubmitWorkflow", "Stores a workflow on its owners, which then run it.")
    {
        Request = SubmitWorkflowRequest.Descriptor,
        Response = SubmitWorkflowResponse.Descriptor,
        TakesDocument = true,
        Headers = [(IdempotencyKey.Header, "The same key gives the same workflow, from any node; in quotes or without. As the field idempotency_key.")],
        Successes = [(StatusCodes.Status201Created, "Stored; Location leads to it."), (StatusCodes.Status200OK, "The key was known: nothing new was stored.")],
        Refusals = [400, 403, 409, 413, 415, 429, 501, 503, 504],
        Handle = async context =>
        {
            var request = new SubmitWorkflowRequest();
            var fields = FieldsOf(context, request);
            if (IdempotencyKey.Of(context.Request.Headers) is { } key) fields.Set("idempotency_key", key);
            await RequestBody.ReadAsync(context.Request, fields).ConfigureAwait(false);
            var answer = await new WorkflowsService(await NodeAsync(context).ConfigureAwait(false)).SubmitWorkflow(request, CallOf(context)).ConfigureAwait(false);
            context.Response.StatusCode = answer.Existing ? StatusCodes.Status200OK : StatusCodes.Status201Created;
            context.Response.Headers.Location = $"/v1/workflows/{answer.WorkflowId}" + (request.Namespace.Length == 0 ? "" : "?namespace=" + Uri.EscapeDataString(request.Namespace));
            await ProtoJson.WriteAsync(context, answer).ConfigureAwait(false);
        },
    };

    private HttpRoute Validate() => new(HttpMethods.Post, "/v1/validate", "ValidateWorkflow", "Everything that is wrong with a document, with its places; nothing is stored.")
    {
        Request = ValidateWorkflowRequest.Descriptor,
        Response = ValidateWorkflowResponse.Descriptor,
        TakesDocument = true,
        Successes = [(StatusCodes.Status200OK, "Whether it is valid: a wrong document is an answer, not an error.")],
        Refusals = [400, 413, 415],
        Handle = async context =>
        {
            var request = new ValidateWorkflowRequest();
            await RequestBody.ReadAsync(context.Request, FieldsOf(context, request)).ConfigureAwait(false);
            var answer = await new WorkflowsService(await NodeAsync(context).ConfigureAwait(false)).ValidateWorkflow(request, CallOf(context)).ConfigureAwait(false);
            await ProtoJson.WriteAsync(context, answer).ConfigureAwait(false);
        },
    };

    private HttpRoute RemoveMember() => new(HttpMethods.Post, "/v1/cluster/members/{member}/remove", "RemoveMember", "Takes a member that is dead or left off the ring for good.")
    {
        Request = RemoveMemberRequest.Descriptor,
        Response = RemoveMemberResponse.Descriptor,
        Refusals = [400, 404, 429, 503, 504],
        Handle = async context =>
        {
            RequestBody.RefuseAny(context.Request);
            var request = new RemoveMemberRequest();
            FieldsOf(context, request);
            var answer = await new ClusterService(await NodeAsync(context).ConfigureAwait(false)).RemoveMember(request, CallOf(context)).ConfigureAwait(false);
            await ProtoJson.WriteAsync(context, answer).ConfigureAwait(false);
        },
    };

    private HttpRoute Cancel() => new(HttpMethods.Post, One + "/cancel", "CancelWorkflow", "Asks for the end of a workflow; of one that has ended it changes nothing.")
    {
        Request = CancelWorkflowRequest.Descriptor,
        Response = CancelWorkflowResponse.Descriptor,
        Refusals = [400, 404, 429, 503, 504],
        Handle = async context =>
        {
            RequestBody.RefuseAny(context.Request);
            var request = new CancelWorkflowRequest();
            FieldsOf(context, request);
            var answer = await new WorkflowsService(await NodeAsync(context).ConfigureAwait(false)).CancelWorkflow(request, CallOf(context)).ConfigureAwait(false);
            await ProtoJson.WriteAsync(context, answer).ConfigureAwait(false);
        },
    };

    private HttpRoute Watch() => new(HttpMethods.Get, One + "/watch", "WatchWorkflow", "Follows a workflow as server-sent events until it has ended.")
    {
        Request = WatchWorkflowRequest.Descriptor,
        Response = WatchWorkflowResponse.Descriptor,
        ContentType = EventStream.ContentType,
        Headers = [(WatchAnswer.LastEventId, "The id of the last event seen: goes on after it. Stands above the query's resume_token.")],
        Successes = [(StatusCodes.Status200OK, "Events snapshot and delta, whose data is the schema's JSON and whose id the resume token; problem, whose data is an HttpProblem, when it cannot go on."), (StatusCodes.Status204NoContent, "The workflow has ended, and nothing has changed since the last event.")],
        Refusals = [400, 404, 429, 503, 504],
        Handle = async context =>
        {
            var request = new WatchWorkflowRequest();
            FieldsOf(context, request, context.Request.Headers[WatchAnswer.LastEventId] is [{ Length: > 0 } id] ? id : null);
            await WatchAnswer.WriteAsync(context, await NodeAsync(context).ConfigureAwait(false), request).ConfigureAwait(false);
        },
    };

    private HttpRoute Get<TRequest>(
        string pattern, string name, string summary, Google.Protobuf.Reflection.MessageDescriptor response, int[] refusals, Func<NodeParts, TRequest, HttpCall, Task<IMessage>> ask)
        where TRequest : IMessage<TRequest>, new() => new(HttpMethods.Get, pattern, name, summary)
        {
            Request = new TRequest().Descriptor,
            Response = response,
            Refusals = refusals,
            Handle = async context =>
            {
                var request = new TRequest();
                FieldsOf(context, request);
                await ProtoJson.WriteAsync(context, await ask(await NodeAsync(context).ConfigureAwait(false), request, CallOf(context)).ConfigureAwait(false)).ConfigureAwait(false);
            },
        };

    // A node that is still starting answers when it has.
    private Task<NodeParts> NodeAsync(HttpContext context) => parts.WaitAsync(context.RequestAborted);

    private static HttpCall CallOf(HttpContext context) => new(context, context.RequestAborted);

    private static RequestFields FieldsOf(HttpContext context, IMessage request, string? resumeToken = null)
    {
        var fields = new RequestFields(request);
        if (resumeToken is not null) fields.SetText(ResumeToken, [resumeToken]);
        foreach (var (name, value) in context.Request.RouteValues) fields.SetText(name, [value as string]);
        foreach (var (name, values) in context.Request.Query)
        {
            if (resumeToken is null || name is not (ResumeToken or "resumeToken")) fields.SetText(name, values);
        }

        return fields;
    }

    private const string ResumeToken = "resume_token";
}
