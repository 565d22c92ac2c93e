using System.Globalization;
using Swim.Core.Clocks;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Swim.V1;
using ProtoState = Swim.V1.WorkflowState;

namespace Swim.Node.Grpc;

/// <summary>Translates lists. A page token names the last workflow of its page, so a page stays where it is whatever is submitted meanwhile.</summary>
internal static class ListMapping
{
    private const int PageSizeDefault = 100;
    private const int PrefixLengthMax = 255;
    private const int StampDigits = 16;

    /// <summary>The command for a request. Throws INVALID_ARGUMENT with the field that is wrong.</summary>
    public static ListCommand FromProto(ListWorkflowsRequest request, string @namespace)
    {
        if (request.PageSize is < 0 or > ListCommand.LimitMax) throw ApiErrors.Invalid($"page_size {request.PageSize} is out of range: give 1 to {ListCommand.LimitMax}, or 0 for {PageSizeDefault}.");
        if (request.NamePrefix.Length > PrefixLengthMax) throw ApiErrors.Invalid($"name_prefix must have at most {PrefixLengthMax} characters.");
        var idPrefix = request.IdPrefix.ToLowerInvariant();
        if (idPrefix.Length > 32 || !idPrefix.All(char.IsAsciiHexDigit)) throw ApiErrors.Invalid("id_prefix must be at most 32 hexadecimal digits.");
        var limit = request.PageSize == 0 ? PageSizeDefault : request.PageSize;
        return new ListCommand(@namespace, PlaceOf(request.PageToken), limit, MaskOf(request.States), request.NamePrefix, idPrefix, BucketSet.All());
    }

    public static ListWorkflowsResponse ToProto(Listed listed, string @namespace)
    {
        var response = new ListWorkflowsResponse
        {
            Incomplete = !listed.Missing.IsEmpty,
            BucketsUnreachable = listed.Missing.Count,
            NextPageToken = NextOf(listed),
        };
        response.Workflows.AddRange(listed.Workflows.Select(summary => ToProto(summary, @namespace)));
        return response;
    }

    private static V1.WorkflowSummary ToProto(Core.Replication.WorkflowSummary summary, string @namespace) => new()
    {
        WorkflowId = summary.Place.Id.ToString(),
        Name = summary.Name,
        Namespace = @namespace,
        State = (ProtoState)summary.State,
        Tasks = summary.Tasks,
        TasksDone = summary.TasksDone,
        TasksFailed = summary.TasksFailed,
        CreatedUnixMs = summary.Place.Created.PhysicalMs,
        FinishedUnixMs = summary.FinishedUnixMs,
    };

    /// <summary>The token of the next page; empty after the last.</summary>
    public static string NextOf(Listed listed) => listed is { HasMore: true, Workflows: [.., var last] } ? TokenOf(last.Place) : "";

    private static string TokenOf(ListPlace place) => ProtoMapping.Hex(place.Created.Value) + place.Id;

    /// <summary>The place that a token names. Throws INVALID_ARGUMENT for one that no node gave.</summary>
    public static ListPlace PlaceOf(string token)
    {
        if (token.Length == 0) return ListPlace.Start;
        var isToken = ulong.TryParse(token.AsSpan(0, Math.Min(StampDigits, token.Length)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var stamp)
            & WorkflowId.TryParse(token[Math.Min(StampDigits, token.Length)..], out var id);
        return isToken ? new ListPlace(new HlcTimestamp(stamp), id) : throw ApiErrors.Invalid("page_token is none that a node gave: leave it empty for the first page.");
    }

    private static ushort MaskOf(IEnumerable<ProtoState> states)
    {
        var mask = 0;
        foreach (var state in states)
        {
            if (state == ProtoState.Unspecified || !Enum.IsDefined(state)) throw ApiErrors.Invalid($"states: {(int)state} is no state: use those of WorkflowState.");
            mask |= 1 << (int)state;
        }

        return (ushort)mask;
    }
}
