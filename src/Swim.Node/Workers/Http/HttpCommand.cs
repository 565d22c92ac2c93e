using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;

namespace Swim.Node.Workers.Http;

/// <summary>One request as the arguments, or a redirect, ask for it.</summary>
internal sealed record HttpCommand(string Tool, HttpMethod Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[]? Body, string BodyType)
{
    public const int UrlCharsMax = 8_192;
    public const int HeadersMax = 64;
    public const int HeaderCharsMax = 8_192;

    // They frame the message or belong to the connection; given by hand they could smuggle a second request.
    private static readonly string[] Reserved = ["host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect"];

    private const string IdempotencyKey = "Idempotency-Key";

    // Only what cannot be a secret goes along to another origin.
    private static readonly string[] Harmless = ["accept", "accept-language", "content-type", "idempotency-key", "user-agent"];

    /// <summary>
    /// Null when the arguments do not fit; the attempt fails for good. A POST carries <paramref name="idempotencyKey"/> unless the
    /// arguments hold an Idempotency-Key of their own.
    /// </summary>
    public static HttpCommand? Read(string tool, JsonObject arguments, string idempotencyKey, out ToolOutcome refusal)
    {
        refusal = ToolOutcome.Failed(ToolFailureCode.InvalidArgument, "");
        if (ToolCatalog.Find(tool)!.Check(arguments, allowReferences: false).FirstOrDefault() is { } fault) return Refuse(fault.Message, out refusal);
        var text = arguments["url"]!.GetValue<string>();
        if (text.Length > UrlCharsMax || !Uri.TryCreate(text, UriKind.Absolute, out var url) || UrlFault(url) is not null)
            return Refuse($"{tool}: 'url' must be an http or https address of at most {UrlCharsMax} characters without user and password: correct '{DocumentPath.Shorten(text)}'.", out refusal);
        var headers = arguments["headers"]?.AsObject().Select(member => KeyValuePair.Create(member.Key, member.Value!.GetValue<string>())).ToList() ?? [];
        if (headers.Count > HeadersMax) return Refuse($"{tool}: {headers.Count} headers, and {HeadersMax} are allowed: send fewer.", out refusal);
        foreach (var (name, value) in headers)
            if (HeaderFault(name, value) is { } wrong) return Refuse($"{tool}: the header '{DocumentPath.Shorten(name)}' {wrong}", out refusal);
        var method = tool == ToolCatalog.HttpPost ? HttpMethod.Post : HttpMethod.Get;
        if (method == HttpMethod.Post && !headers.Exists(static header => Is(header, IdempotencyKey))) headers.Add(KeyValuePair.Create(IdempotencyKey, idempotencyKey));
        var (body, type) = BodyOf(arguments);
        return new HttpCommand(tool, method, url, headers, body, type);
    }

    /// <summary>The request to send; a new one each time.</summary>
    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Method, Url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (Body is not null) request.Content = new ByteArrayContent(Body);
        var contentType = Headers.Any(static header => Is(header, "Content-Type")) ? null : BodyType;
        if (contentType is not null) request.Content?.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var (name, value) in Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>
    /// The request that follows a redirect: 303, and 301 or 302 after POST, become GET without a body. To another origin only
    /// harmless headers go along.
    /// </summary>
    /// <exception cref="HttpRefusedException">The place is null or no http address, or leads from https to http.</exception>
    public HttpCommand Redirected(HttpStatusCode status, Uri? place)
    {
        if (place is null || !Uri.TryCreate(Url, place, out var next)) throw new HttpRefusedException($"a redirect of '{Url.Host}' leads to no address.");
        if (UrlFault(next) is { } fault) throw new HttpRefusedException($"a redirect of '{Url.Host}' leads to an address that {fault}.");
        if (Url.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps) throw new HttpRefusedException($"a redirect of '{Url.Host}' leads from https to http.");
        var sameOrigin = (next.Scheme, next.IdnHost, next.Port) == (Url.Scheme, Url.IdnHost, Url.Port);
        var kept = sameOrigin ? Headers : [.. Headers.Where(static header => Harmless.Contains(header.Key, StringComparer.OrdinalIgnoreCase))];
        var becomesGet = status == HttpStatusCode.SeeOther || (Method == HttpMethod.Post && status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found);
        return becomesGet
            ? this with { Url = next, Method = HttpMethod.Get, Body = null, Headers = [.. kept.Where(static header => !Is(header, "Content-Type") && !Is(header, IdempotencyKey))] }
            : this with { Url = next, Headers = kept };
    }

    private static bool Is(KeyValuePair<string, string> header, string name) => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string? UrlFault(Uri url) =>
        url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps ? "is neither http nor https"
        : url.Host.Length == 0 ? "names no host"
        : url.UserInfo.Length > 0 ? "carries a user or password" : null;

    private static string? HeaderFault(string name, string value)
    {
        if (name.Length is 0 or > 256 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
            return "has a name that HTTP does not allow: correct it.";
        if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("proxy-", StringComparison.OrdinalIgnoreCase))
            return "is set by the tool itself: remove it.";
        if (value.Length > HeaderCharsMax) return $"has {value.Length} characters, and {HeaderCharsMax} are allowed: shorten it.";
        return value.All(static c => c is >= ' ' and <= '~' or '\t') ? null : "has characters other than printable ASCII: remove or encode them.";
    }

    private static (byte[]? Body, string Type) BodyOf(JsonObject arguments)
    {
        if (arguments["body"] is not { } body) return (null, "");
        return body is JsonValue value && value.TryGetValue<string>(out var text)
            ? (Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8")
            : (CanonicalJson.Write(body), "application/json");
    }

    private static HttpCommand? Refuse(string message, out ToolOutcome refusal)
    {
        refusal = ToolOutcome.Failed(ToolFailureCode.InvalidArgument, message);
        return null;
    }
}
