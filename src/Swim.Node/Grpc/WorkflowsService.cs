using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;
using Swim.Node.Documents;
using Swim.Node.Hosting;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>The API's workflows: checks and translates, then asks the state core.</summary>
internal sealed class WorkflowsService(NodeParts parts) : V1.Workflows.WorkflowsBase
{
    private const int NameBytesMax = 255;
    private const int ProblemsMax = 100;
    private const int WaitMsMax = 30_000;
    private static readonly TimeSpan WatchWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BehindPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override async Task<SubmitWorkflowResponse> SubmitWorkflow(SubmitWorkflowRequest request, ServerCallContext context)
    {
        var @namespace = NamespaceOf(request.Namespace);
        Check("idempotency_key", request.IdempotencyKey);
        var consistency = ReadConsistency(request.Consistency);
        var input = ReadInput(request.InputJson);
        var inputBytes = input.IsGiven ? CanonicalJson.Write(input.Value) : [];
        var read = Read(request, input);
        var definition = CanonicalWorkflow.Write(read with { Consistency = consistency ?? read.Consistency });
        if (CanonicalWorkflow.CheckSize(definition, inputBytes) is { } tooLarge) throw ApiErrors.Of(StatusCode.ResourceExhausted, tooLarge.Code, tooLarge.ToString());
        var id = request.IdempotencyKey.Length > 0
            ? WorkflowId.FromKey(@namespace, request.IdempotencyKey, definition, inputBytes)
            : WorkflowId.FromRandom(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), definition, inputBytes);
        var command = new SubmitCommand(id, @namespace, request.IdempotencyKey, definition, inputBytes, ProtoMapping.FromProto(request.Ack));
        var reply = await AskAsync<Submitted>(command, Patience, context).ConfigureAwait(false);
        return new SubmitWorkflowResponse { WorkflowId = reply.Id.ToString(), Acked = ProtoMapping.ToProto(reply.Acked), Existing = reply.Existing };
    }

    public override async Task<Workflow> GetWorkflow(GetWorkflowRequest request, ServerCallContext context)
    {
        if (request.WaitMs is < 0 or > WaitMsMax) throw ApiErrors.Invalid($"wait_ms {request.WaitMs} is out of range: give 0 to {WaitMsMax}.");
        var wait = TimeSpan.FromMilliseconds(request.WaitMs);
        Check("task_id", request.TaskId);
        var command = new GetCommand(NamespaceOf(request.Namespace), IdOf(request.WorkflowId), wait) { Task = request.TaskId };
        var view = (await AskAsync<Shown>(command, wait + Patience, context).ConfigureAwait(false)).View;
        if (request.TaskId.Length > 0 && view.Tasks.Count == 0) throw ApiErrors.Of(StatusCode.NotFound, "TASK_NOT_FOUND", $"The workflow has no task '{request.TaskId}'.");
        return ProtoMapping.ToProto(view);
    }

    public override async Task<CancelWorkflowResponse> CancelWorkflow(CancelWorkflowRequest request, ServerCallContext context)
    {
        var command = new CancelCommand(NamespaceOf(request.Namespace), IdOf(request.WorkflowId));
        var reply = await AskAsync<CancelAccepted>(command, Patience, context).ConfigureAwait(false);
        return new CancelWorkflowResponse { State = (V1.WorkflowState)reply.State };
    }

    public override async Task<ExplainWorkflowResponse> ExplainWorkflow(ExplainWorkflowRequest request, ServerCallContext context)
    {
        Check("task_id", request.TaskId);
        var command = new ExplainCommand(NamespaceOf(request.Namespace), IdOf(request.WorkflowId), request.TaskId);
        return ExplainMapping.ToProto(await AskAsync<Explained>(command, Patience, context).ConfigureAwait(false));
    }

    public override Task<ValidateWorkflowResponse> ValidateWorkflow(ValidateWorkflowRequest request, ServerCallContext context)
    {
        // What the input will be is not known yet: paths into it are not looked at.
        var options = new ReaderOptions { RetentionAbove = 2 * parts.Options.Forgetting.Grace, AllowShell = parts.CanSomebodyRun(ToolCatalog.Shell), ErrorsMax = ProblemsMax };
        var reading = WorkflowDocument.Read(request.Document, request.Format, options);
        var problems = reading.TryGet(out var definition)
            ? CanonicalWorkflow.CheckSize(CanonicalWorkflow.Write(definition), []) is { } tooLarge ? [tooLarge] : []
            : reading.Errors;
        var response = new ValidateWorkflowResponse { Valid = problems.Count == 0 };
        response.Problems.AddRange(problems.Select(ProtoMapping.ToProto));
        if (response.Valid) (response.Name, response.Tasks, response.Layers) = (definition!.Name, definition.Tasks.Count, definition.Layers);
        return System.Threading.Tasks.Task.FromResult(response);
    }

    public override async System.Threading.Tasks.Task WatchWorkflow(WatchWorkflowRequest request, IServerStreamWriter<WatchWorkflowResponse> responseStream, ServerCallContext context)
    {
        var (@namespace, id) = (NamespaceOf(request.Namespace), IdOf(request.WorkflowId));
        var feed = new WatchFeed(request.ResumeToken);
        using var place = parts.Watches.Enter() ?? throw ApiErrors.Of(StatusCode.ResourceExhausted, "BUSY", $"This node follows {WatchPlaces.Max} workflows already: ask another.", true);
        for (var isOpen = false; ; isOpen = true)
        {
            var wait = isOpen ? WatchWait : TimeSpan.Zero;
            var reply = await AskAsync<Shown>(new GetCommand(@namespace, id, wait, feed.Known), wait + Patience, context).ConfigureAwait(false);
            if (feed.Next(reply.View) is { } news) await responseStream.WriteAsync(news).ConfigureAwait(false);
            // A follower that goes on where nothing is new sees by the headers that it is served; the next event may be far away.
            else if (!isOpen) await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
            if (feed.HasEnded) return;
            if (feed.IsBehind) await System.Threading.Tasks.Task.Delay(BehindPause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<ListWorkflowsResponse> ListWorkflows(ListWorkflowsRequest request, ServerCallContext context)
    {
        var command = ListMapping.FromProto(request, NamespaceOf(request.Namespace));
        return ListMapping.ToProto(await AskAsync<Listed>(command, Patience, context).ConfigureAwait(false), command.Namespace);
    }

    public override async Task<ListMergesResponse> ListMerges(ListMergesRequest request, ServerCallContext context)
    {
        var command = MergeMapping.FromProto(request, NamespaceOf(request.Namespace));
        return MergeMapping.ToProto(await AskAsync<Listed>(command, Patience, context).ConfigureAwait(false), command.Namespace);
    }

    private static RunInput ReadInput(string json)
    {
        if (json.Length == 0) return new RunInput(false, null);
        return JsonDocumentReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var root, out var error)
            ? new RunInput(true, root.ToJsonNode())
            : throw Refuse([error with { Message = "input_json: " + error.Message }]);
    }

    private WorkflowDefinition Read(SubmitWorkflowRequest request, RunInput input)
    {
        var options = new ReaderOptions { RetentionAbove = 2 * parts.Options.Forgetting.Grace, AllowShell = parts.CanSomebodyRun(ToolCatalog.Shell), Input = input };
        var reading = WorkflowDocument.Read(request.Document, request.Format, options);
        return reading.TryGet(out var definition) ? definition : throw Refuse(reading.Errors);
    }

    private static RpcException Refuse(IReadOnlyList<DocumentError> errors)
    {
        var status = errors[0].Code switch
        {
            DocumentErrorCode.Unimplemented => StatusCode.Unimplemented,
            DocumentErrorCode.ResourceExhausted => StatusCode.ResourceExhausted,
            DocumentErrorCode.PermissionDenied => StatusCode.PermissionDenied,
            _ => StatusCode.InvalidArgument,
        };
        return ApiErrors.Of(status, errors[0].Code, string.Join('\n', errors));
    }

    private async Task<T> AskAsync<T>(Command command, TimeSpan patience, ServerCallContext context) where T : Reply
    {
        if (!parts.Membership.IsReady)
            throw ApiErrors.Of(StatusCode.Unavailable, "NOT_READY", "No seed has answered this node yet: try again, or ask another.", true);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, parts.Stopping);
        deadline.CancelAfter(patience);
        try
        {
            return await parts.State.AskAsync(command, deadline.Token).ConfigureAwait(false) switch
            {
                T reply => reply,
                Refused refused => throw ApiErrors.Of(refused),
                _ => throw ApiErrors.Busy(),
            };
        }
        catch (OperationCanceledException) when (parts.Stopping.IsCancellationRequested)
        {
            throw ApiErrors.Of(StatusCode.Unavailable, "STOPPING", "This node is stopping: ask another.", true);
        }
        catch (OperationCanceledException)
        {
            throw ApiErrors.Of(StatusCode.DeadlineExceeded, "TIMEOUT", "The answer took too long: ask again.", true);
        }
    }

    private static string NamespaceOf(string text)
    {
        Check("namespace", text);
        return text.Length == 0 ? "default" : text;
    }

    private static WorkflowId IdOf(string text) =>
        WorkflowId.TryParse(text, out var id) ? id : throw ApiErrors.Invalid("workflow_id must be 32 hexadecimal digits, as the submission answered.");

    private static void Check(string field, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > NameBytesMax || text.Any(char.IsControl))
            throw ApiErrors.Invalid($"{field} must have at most {NameBytesMax} bytes and no control characters.");
    }

    // Null leaves it to the document.
    private static WorkflowConsistency? ReadConsistency(string consistency) => consistency switch
    {
        "" => null,
        "any" => WorkflowConsistency.Any,
        "majority" => WorkflowConsistency.Majority,
        "quorum" => throw ApiErrors.Of(StatusCode.Unimplemented, "UNIMPLEMENTED", "consistency 'quorum' is not supported by this version: use any or majority."),
        _ => throw ApiErrors.Invalid($"consistency '{consistency}' is unknown: use any or majority."),
    };
}
