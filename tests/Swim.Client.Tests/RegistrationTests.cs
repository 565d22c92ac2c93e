using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Swim.Client.Tests.Fakes;
using Xunit;

namespace Swim.Client.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task A_program_gets_one_client_that_asks_the_servers_it_named_and_ends_with_its_services()
    {
        await using var node = await FakeNode.StartAsync();
        var services = new ServiceCollection().AddSwimClient(options => options.Servers = [node.Address]).BuildServiceProvider();
        var client = services.GetRequiredService<SwimClient>();
        Assert.Same(client, services.GetRequiredService<SwimClient>());
        Assert.Equal("alpha", (await client.StatusAsync()).Name);
        await services.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.StatusAsync());
    }

    [Fact]
    public async Task The_client_logs_to_the_log_of_the_program()
    {
        await using var node = await FakeNode.StartAsync();
        using var loggers = new ListLoggers();
        await using var services = new ServiceCollection().AddSingleton<ILoggerFactory>(loggers)
            .AddSwimClient(options => options.Servers = [FakeNode.NobodyAt(), node.Address]).BuildServiceProvider();
        await services.GetRequiredService<SwimClient>().StatusAsync();
        Assert.Contains(loggers.Lines, static line => line.Contains("Swim.Client.SwimClient", StringComparison.Ordinal) && line.Contains("UNREACHABLE", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_setting_can_come_from_the_configuration()
    {
        var options = Read(
            ("Swim:servers:0", "alpha"), ("Swim:Servers:1", "[::1]:7410"), ("Swim:CallTimeout", "00:01:00"), ("Swim:ServerTimeout", "00:00:07"),
            ("Swim:RoundsMax", "2"), ("Swim:BackoffMin", "00:00:00.250"), ("Swim:BackoffMax", "00:00:03"), ("Swim:FollowPatience", "00:00:00"));
        Assert.Equal([new ServerAddress("alpha", 7400), new ServerAddress("::1", 7410)], options.Servers);
        var seconds = new[] { options.CallTimeout, options.ServerTimeout, options.BackoffMin, options.BackoffMax, options.FollowPatience }.Select(static time => time.TotalSeconds);
        Assert.Equal([60, 7, 0.25, 3, 0], seconds);
        Assert.Equal(2, options.RoundsMax);
        var settable = typeof(SwimClientOptions).GetProperties().Where(static property => property.SetMethod is { IsPublic: true }).Select(static property => property.Name);
        Assert.Equal(["Servers", "CallTimeout", "ServerTimeout", "RoundsMax", "BackoffMin", "BackoffMax", "FollowPatience"], settable);
    }

    [Fact]
    public void Servers_may_be_one_text_and_what_is_not_given_keeps_its_default()
    {
        var options = Read(("Swim:Servers", "alpha, beta:7410"));
        Assert.Equal([new ServerAddress("alpha", 7400), new ServerAddress("beta", 7410)], options.Servers);
        Assert.Equal(new SwimClientOptions().CallTimeout, options.CallTimeout);
        Assert.Equal(new SwimClientOptions().Servers, Read().Servers);
    }

    [Theory]
    [InlineData("Swim:Servers", "a:0", "'a:0', which is no address")]
    [InlineData("Swim:Servers", "", "no address")]
    [InlineData("Swim:CallTimeout", "5", "'5', which is no time")]
    [InlineData("Swim:CallTimeout", "soon:ish", "'soon:ish', which is no time")]
    [InlineData("Swim:CallTimeout", "-00:00:05", "CallTimeout (-00:00:05) must be more than zero")]
    [InlineData("Swim:ServerTimeout", "2.00:00:00", "ServerTimeout (2.00:00:00) must be at most 1.00:00:00")]
    [InlineData("Swim:RoundsMax", "many", "'many', which is no number")]
    [InlineData("Swim:RoundsMax", "0", "RoundsMax (0) must be 1 or more")]
    [InlineData("Swim:BackoffMin", "00:01:00", "BackoffMax (00:00:02) must not be less than BackoffMin (00:01:00)")]
    [InlineData("Swim:CalTimeout", "00:00:05", "Swim:CalTimeout is no setting of the client: there are Servers, CallTimeout")]
    public void A_faulty_setting_is_named_with_what_to_write(string key, string value, string expected) =>
        Assert.Contains(expected, Assert.Throws<OptionsValidationException>(() => Read((key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Read(("Swim:CallTimeout", "x"), ("Swim:RoundsMax", "0"), ("Swim:Unknown", "1")));
        Assert.Equal(3, fault.Failures.Count());
    }

    [Fact]
    public async Task A_program_with_faulty_options_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwimClient(static options => options.Servers = []);
        using var host = builder.Build();
        Assert.Contains("Servers is empty", (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_keeps_the_options_it_was_made_with()
    {
        var options = new SwimClientOptions { Servers = new List<ServerAddress> { FakeNode.NobodyAt() } };
        using var client = new SwimClient(options);
        ((List<ServerAddress>)options.Servers).Clear();
        options.Servers = [];
        Assert.Equal("UNREACHABLE", (await Assert.ThrowsAsync<SwimException>(() => client.StatusAsync())).Code);
    }

    private static SwimClientOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))).Build();
        using var services = new ServiceCollection().AddSwimClient(configuration.GetSection("Swim")).BuildServiceProvider();
        return services.GetRequiredService<IOptions<SwimClientOptions>>().Value;
    }
}
