using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Swim.Core.Workflows.Tools;
using Swim.Node.Workers.Http;
using Xunit;

namespace Swim.Node.Tests.Workers.Http;

public sealed class HttpToolTests
{
    private const string Key = "00c0ffee00c0ffee";

    private static readonly HttpAccess Loopback = new([IPNetwork.Parse("127.0.0.0/8")]);

    [Fact]
    public async Task An_answer_comes_back_with_status_headers_and_body()
    {
        await using var server = await HttpServer.StartAsync(static context =>
        {
            context.Response.Headers["X-Seen"] = context.Request.Headers["X-Asked"];
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("{\"é\":1}");
        });
        var outcome = await GetAsync(server.Url(), new JsonObject { ["X-Asked"] = "yes" });
        Assert.True(outcome.IsSuccess, outcome.Failure?.Message);
        Assert.Equal((200, "yes", "{\"é\":1}"), ((int)outcome.Output!["status"]!, (string)outcome.Output["headers"]!["x-seen"]!, (string)outcome.Output["body"]!));
    }

    [Fact]
    public async Task Bytes_come_back_in_base64()
    {
        await using var server = await HttpServer.StartAsync(static context =>
        {
            context.Response.ContentType = "image/png";
            return context.Response.Body.WriteAsync(new byte[] { 0, 255, 128 }).AsTask();
        });
        Assert.Equal("AP+A", (string)(await GetAsync(server.Url())).Output!["body"]!);
    }

    [Theory]
    [InlineData("\"plain é\"", "plain é", "text/plain; charset=utf-8")]
    [InlineData("{\"b\":1,\"a\":[2]}", "{\"a\":[2],\"b\":1}", "application/json")]
    public async Task A_post_sends_text_as_it_is_and_other_values_as_JSON(string body, string sent, string type)
    {
        await using var server = await HttpServer.StartAsync(EchoAsync);
        var outcome = await RunAsync(ToolCatalog.HttpPost, new JsonObject { ["url"] = server.Url(), ["body"] = JsonNode.Parse(body) });
        Assert.Equal($"POST {type} {sent}", (string)outcome.Output!["body"]!);
    }

    [Fact]
    public async Task A_compressed_body_is_never_unpacked()
    {
        using var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) await zip.WriteAsync(new byte[64 * HttpTool.BodyBytesMax]);
        await using var server = await HttpServer.StartAsync(context =>
        {
            (context.Response.ContentType, context.Response.Headers.ContentEncoding) = ("text/plain", "gzip");
            return context.Response.Body.WriteAsync(packed.ToArray()).AsTask();
        });
        Assert.Equal(Convert.ToBase64String(packed.ToArray()), (string)(await GetAsync(server.Url())).Output!["body"]!);
    }

    [Theory]
    [InlineData(ToolCatalog.HttpPost, null, Key)]
    [InlineData(ToolCatalog.HttpPost, "mine", "mine")]
    [InlineData(ToolCatalog.HttpGet, null, "")]
    public async Task A_post_carries_the_key_of_its_task_unless_it_brings_its_own(string tool, string? own, string seen)
    {
        await using var other = await HttpServer.StartAsync(AnswerAsync);
        await using var server = await HttpServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/out" => RedirectAsync(context, 307, other.Url()),
            "/see" => RedirectAsync(context, 303, "/"),
            _ => AnswerAsync(context),
        });
        foreach (var (path, expected) in new[] { ("/", seen), ("/out", seen), ("/see", "") })
        {
            var arguments = new JsonObject { ["url"] = server.Url(path), ["headers"] = own is null ? [] : new JsonObject { ["idempotency-KEY"] = own } };
            Assert.Equal(expected, (string)(await RunAsync(tool, arguments)).Output!["body"]!);
        }

        static Task AnswerAsync(HttpContext context)
        {
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync(context.Request.Headers["Idempotency-Key"].ToString());
        }
    }

    [Theory]
    [InlineData(404, null, false, 0)]
    [InlineData(400, "7", false, 0)]
    [InlineData(429, "7", true, 7_000)]
    [InlineData(503, "2", true, 2_000)]
    [InlineData(500, null, true, 0)]
    [InlineData(503, "99999999", true, 86_400_000)]
    public async Task A_status_of_400_or_more_is_a_failure(int status, string? retryAfter, bool retryable, double waitMs)
    {
        await using var server = await HttpServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync("the reason");
        });
        var failure = (await GetAsync(server.Url())).Failure!;
        Assert.Equal((HttpTool.Status, retryable, waitMs), (failure.Code, failure.Retryable, failure.RetryAfter.TotalMilliseconds));
        Assert.Contains($"{status}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the reason", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_is_taken_up_to_its_limit_and_cut_off_beyond()
    {
        await using var server = await HttpServer.StartAsync(static async context =>
        {
            context.Response.ContentType = "text/plain";
            var chunk = Encoding.ASCII.GetBytes(new string('x', HttpTool.BodyBytesMax));
            do await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            while (context.Request.Path == "/endless");
        });
        Assert.Equal(HttpTool.BodyBytesMax, ((string)(await GetAsync(server.Url())).Output!["body"]!).Length);
        var failure = (await GetAsync(server.Url("/endless"))).Failure!;
        Assert.Equal((HttpTool.ResponseTooLarge, false), (failure.Code, failure.Retryable));
        Assert.Contains($"{HttpTool.BodyBytesMax} bytes", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(101, 1)]
    [InlineData(4, 8_000)]
    public async Task Too_many_or_too_long_headers_of_a_response_fail_the_attempt(int count, int length)
    {
        await using var server = await HttpServer.StartAsync(context =>
        {
            for (var i = 0; i < count; i++) context.Response.Headers[$"X-{i}"] = new string('x', length);
            return Task.CompletedTask;
        });
        Assert.Equal(HttpTool.ResponseTooLarge, (await GetAsync(server.Url())).Failure?.Code);
    }

    [Fact]
    public async Task A_cancel_ends_a_body_that_does_not_end()
    {
        var aborted = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        await using var server = await HttpServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            await context.Response.Body.WriteAsync("x"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await cancel.CancelAsync();
            await aborted.Task;
        });
        using var tool = new HttpTool(Loopback);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tool.RunAsync(ToolCatalog.HttpGet, new JsonObject { ["url"] = server.Url() }, Key, cancel.Token));
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433")]
    public async Task A_private_address_is_refused_in_every_notation_and_nothing_is_sent(string host)
    {
        await using var server = await HttpServer.StartAsync(static _ => Task.CompletedTask);
        var failure = (await RunAsync(ToolCatalog.HttpGet, new JsonObject { ["url"] = server.Url("/", host) }, new HttpAccess([]))).Failure!;
        Assert.Equal((HttpTool.AddressRefused, false, 0), (failure.Code, failure.Retryable, server.Requests));
        Assert.Contains("--http-allow", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1 127.0.0.2", null, 1)]
    [InlineData("127.0.0.2", "127.0.0.1 127.0.0.2", HttpTool.Unreachable, 0)]
    [InlineData("127.0.0.2", "127.0.0.1", HttpTool.AddressRefused, 0)]
    public async Task A_name_is_looked_up_once_and_only_its_allowed_addresses_are_connected_to(string allowed, string found, string? code, int requests)
    {
        var asked = 0;
        await using var server = await HttpServer.StartAsync(static _ => Task.CompletedTask);
        using var tool = new HttpTool(new HttpAccess([IPNetwork.Parse(allowed + "/32")]), ResolveAsync);
        var outcome = await tool.RunAsync(ToolCatalog.HttpGet, new JsonObject { ["url"] = server.Url("/", "name.invalid") }, Key, CancellationToken.None);
        Assert.Equal((code, requests, 1), (outcome.Failure?.Code, server.Requests, asked));
        Assert.DoesNotContain("127.0.0.1", outcome.Failure?.Message ?? "", StringComparison.Ordinal);

        // A second answer would lead to the server.
        Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
            Task.FromResult(++asked == 1 ? found.Split(' ').Select(IPAddress.Parse).ToArray() : [IPAddress.Loopback]);
    }

    [Theory]
    [InlineData("http://10.0.0.1/", HttpTool.AddressRefused)]
    [InlineData("http://[::1]/", HttpTool.AddressRefused)]
    [InlineData("file:///etc/passwd", HttpTool.AddressRefused)]
    [InlineData("http://user:word@127.0.0.1/", HttpTool.AddressRefused)]
    [InlineData("http://[::bad/", HttpTool.AddressRefused)]
    [InlineData("/again", HttpTool.TooManyRedirects)]
    public async Task A_redirect_is_looked_at_like_the_first_address(string place, string code)
    {
        await using var server = await HttpServer.StartAsync(context => RedirectAsync(context, 302, place));
        var failure = (await GetAsync(server.Url())).Failure!;
        Assert.Equal((code, false), (failure.Code, failure.Retryable));
        Assert.Equal(code == HttpTool.TooManyRedirects ? HttpTool.RedirectsMax + 1 : 1, server.Requests);
    }

    [Theory]
    [InlineData(303, "GET  ")]
    [InlineData(302, "GET  ")]
    [InlineData(307, "POST text/plain; charset=utf-8 data")]
    public async Task A_redirect_keeps_method_and_body_where_HTTP_says_so(int status, string seen)
    {
        await using var server = await HttpServer.StartAsync(context => context.Request.Path == "/to" ? EchoAsync(context) : RedirectAsync(context, status, "/to"));
        var outcome = await RunAsync(ToolCatalog.HttpPost, new JsonObject { ["url"] = server.Url(), ["body"] = "data" });
        Assert.Equal(seen, (string)outcome.Output!["body"]!);
    }

    [Fact]
    public async Task Secrets_stay_behind_when_a_redirect_leads_to_another_origin()
    {
        await using var other = await HttpServer.StartAsync(NamesAsync);
        await using var server = await HttpServer.StartAsync(context => context.Request.Path == "/here" ? NamesAsync(context) : RedirectAsync(context, 307, context.Request.Path == "/in" ? "/here" : other.Url()));
        var headers = new JsonObject { ["Authorization"] = "Bearer x", ["X-Api-Key"] = "y", ["Accept"] = "text/plain" };
        Assert.Equal("Accept,Authorization,Host,X-Api-Key", (string)(await GetAsync(server.Url("/in"), headers.DeepClone())).Output!["body"]!);
        Assert.Equal("Accept,Host", (string)(await GetAsync(server.Url("/out"), headers)).Output!["body"]!);
    }

    [Fact]
    public void A_redirect_from_https_to_http_is_refused()
    {
        var command = HttpCommand.Read(ToolCatalog.HttpGet, new JsonObject { ["url"] = "https://example.org/" }, Key, out _)!;
        Assert.Throws<HttpRefusedException>(() => command.Redirected(HttpStatusCode.Found, new Uri("http://example.org/")));
    }

    [Fact]
    public async Task Cookies_are_not_kept()
    {
        await using var server = await HttpServer.StartAsync(static context =>
        {
            context.Response.Cookies.Append("a", "b");
            return NamesAsync(context);
        });
        using var tool = new HttpTool(Loopback);
        for (var i = 0; i < 2; i++)
            Assert.Equal("Host", (string)(await tool.RunAsync(ToolCatalog.HttpGet, new JsonObject { ["url"] = server.Url() }, Key, CancellationToken.None)).Output!["body"]!);
    }

    [Theory]
    [InlineData("""{"url":"ftp://example.org/"}""")]
    [InlineData("""{"url":"file:///etc/passwd"}""")]
    [InlineData("""{"url":"/only/a/path"}""")]
    [InlineData("""{"url":"http://user:word@example.org/"}""")]
    [InlineData("""{"url":7}""")]
    [InlineData("{}")]
    [InlineData("""{"url":"http://127.0.0.1/","headers":{"A b":"x"}}""")]
    [InlineData("""{"url":"http://127.0.0.1/","headers":{"A":"x\r\nB: y"}}""")]
    [InlineData("""{"url":"http://127.0.0.1/","headers":{"Host":"x"}}""")]
    [InlineData("""{"url":"http://127.0.0.1/","headers":{"transfer-encoding":"chunked"}}""")]
    [InlineData("""{"url":"http://127.0.0.1/","method":"PUT"}""")]
    public async Task Arguments_that_do_not_fit_fail_for_good(string arguments)
    {
        var failure = (await RunAsync(ToolCatalog.HttpGet, JsonNode.Parse(arguments)!.AsObject())).Failure!;
        Assert.Equal((ToolFailureCode.InvalidArgument, false), (failure.Code, failure.Retryable));
        Assert.StartsWith("http:get", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_may_be_retried()
    {
        var server = await HttpServer.StartAsync(static _ => Task.CompletedTask);
        var url = server.Url();
        await server.DisposeAsync();
        var failure = (await GetAsync(url)).Failure!;
        Assert.Equal((HttpTool.Unreachable, true), (failure.Code, failure.Retryable));
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync($"{context.Request.Method} {context.Request.ContentType} {await reader.ReadToEndAsync()}");
    }

    private static Task NamesAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(string.Join(',', context.Request.Headers.Keys.Order(StringComparer.Ordinal)));
    }

    private static Task RedirectAsync(HttpContext context, int status, string place)
    {
        (context.Response.StatusCode, context.Response.Headers.Location) = (status, place);
        return Task.CompletedTask;
    }

    private static Task<ToolOutcome> GetAsync(string url, JsonNode? headers = null)
    {
        var arguments = new JsonObject { ["url"] = url };
        if (headers is not null) arguments["headers"] = headers;
        return RunAsync(ToolCatalog.HttpGet, arguments);
    }

    private static async Task<ToolOutcome> RunAsync(string tool, JsonObject arguments, HttpAccess? access = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var http = new HttpTool(access ?? Loopback);
        return await http.RunAsync(tool, arguments, Key, patience.Token);
    }
}
