using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Tools;

namespace Swim.Node.Workers.Http;

/// <summary>
/// Runs <c>http:get</c> and <c>http:post {url, headers?, body?}</c> and answers <c>{status, headers, body}</c>. Where it may connect
/// <see cref="HttpAccess"/> says, for the first request and for each redirect. A POST carries the task's idempotency key. The
/// attempt's timeout covers all of it.
/// </summary>
internal sealed class HttpTool(HttpAccess access, Func<string, CancellationToken, Task<IPAddress[]>> resolve) : IDisposable
{
    /// <summary>Bytes of a body; more fails the attempt.</summary>
    public const int BodyBytesMax = 1024 * 1024;

    /// <summary>Headers of a response; more fail the attempt.</summary>
    public const int ResponseHeadersMax = 100;

    /// <summary>Redirects that are followed.</summary>
    public const int RedirectsMax = 5;

    /// <summary>The answer had a status of 400 or more.</summary>
    public const string Status = "HTTP_STATUS";

    /// <summary>The address, or one that a redirect leads to, is not allowed.</summary>
    public const string AddressRefused = "HTTP_ADDRESS_REFUSED";

    /// <summary>No connection, or it broke.</summary>
    public const string Unreachable = "HTTP_UNREACHABLE";

    /// <summary>Body or headers exceed their limits.</summary>
    public const string ResponseTooLarge = "HTTP_RESPONSE_TOO_LARGE";

    /// <summary>More than <see cref="RedirectsMax"/> redirects.</summary>
    public const string TooManyRedirects = "HTTP_TOO_MANY_REDIRECTS";

    private readonly HttpSender _sender = new(access, resolve);

    /// <summary>One that asks the machine's resolver for the addresses of names.</summary>
    public HttpTool(HttpAccess access)
        : this(access, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>Runs the request to its end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the connection is closed.</exception>
    public async Task<ToolOutcome> RunAsync(string tool, JsonObject arguments, string idempotencyKey, CancellationToken cancellation)
    {
        if (HttpCommand.Read(tool, arguments, idempotencyKey, out var refusal) is not { } command) return refusal;
        try
        {
            return await FollowAsync(command, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or HttpRefusedException)
        {
            cancellation.ThrowIfCancellationRequested();
            return OutcomeOf(tool, fault);
        }
    }

    public void Dispose() => _sender.Dispose();

    private static ToolOutcome OutcomeOf(string tool, Exception fault) => (fault.GetBaseException(), fault) switch
    {
        (HttpRefusedException refused, _) => ToolOutcome.Failed(AddressRefused, $"{tool}: {refused.Message}"),
        (_, HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }) => HttpReply.TooLarge($"{tool}: the headers of the response are too long."),
        _ => ToolOutcome.Failed(Unreachable, $"{tool}: {fault.Message}", retryable: true),
    };

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private async Task<ToolOutcome> FollowAsync(HttpCommand command, CancellationToken cancellation)
    {
        for (var redirects = 0; redirects <= RedirectsMax; redirects++)
        {
            using var request = command.ToRequest();
            using var response = await _sender.SendAsync(request, cancellation).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode) || !response.Headers.NonValidated.Contains("Location"))
                return await HttpReply.ReadAsync(command.Tool, response, DateTimeOffset.UtcNow, cancellation).ConfigureAwait(false);
            command = command.Redirected(response.StatusCode, response.Headers.Location);
        }
        return ToolOutcome.Failed(TooManyRedirects, string.Create(CultureInfo.InvariantCulture, $"{command.Tool}: more than {RedirectsMax} redirects: use the address they lead to."));
    }
}
