using Swim.Client;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary>Reads lists of workflows page by page.</summary>
internal static class WorkflowPages
{
    private const int PageSizeMax = 1_000;

    /// <summary>The first <paramref name="limit"/> workflows from the request's place on, as one page; incomplete when one of its pages was.</summary>
    public static async Task<ListWorkflowsResponse> ReadAsync(SwimClient client, ListWorkflowsRequest request, int limit, CancellationToken cancel)
    {
        var all = new ListWorkflowsResponse { NextPageToken = request.PageToken };
        request = request.Clone();
        do
        {
            request.PageToken = all.NextPageToken;
            request.PageSize = Math.Min(limit - all.Workflows.Count, PageSizeMax);
            var page = await client.ListAsync(request, cancel).ConfigureAwait(false);
            all.Workflows.AddRange(page.Workflows.Take(request.PageSize));
            all.NextPageToken = page.NextPageToken;
            all.Incomplete |= page.Incomplete;
            all.BucketsUnreachable = Math.Max(all.BucketsUnreachable, page.BucketsUnreachable);
        }
        // A page that leads to itself would be read for ever.
        while (all.NextPageToken.Length > 0 && all.NextPageToken != request.PageToken && all.Workflows.Count < limit);

        return all;
    }
}
