using Xunit;

namespace Swim.Client.Tests;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("example.org", "example.org", 7400)]
    [InlineData("example.org:81", "example.org", 81)]
    [InlineData(" 10.0.0.1:7410 ", "10.0.0.1", 7410)]
    [InlineData("[::1]", "::1", 7400)]
    [InlineData("[fe80::1]:9", "fe80::1", 9)]
    public void An_address_is_a_host_and_perhaps_a_port(string text, string host, int port)
    {
        Assert.True(ServerAddress.TryParse(text, out var address));
        Assert.Equal(new ServerAddress(host, port), address);
        Assert.True(ServerAddress.TryParse(address.ToString(), out var again));
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":7400")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:7400:1")]
    [InlineData("::1")]
    [InlineData("http://host")]
    [InlineData("a b")]
    [InlineData("[::1")]
    public void Anything_else_is_refused(string text) => Assert.False(ServerAddress.TryParse(text, out _));

    [Fact]
    public void A_list_names_its_first_faulty_address()
    {
        Assert.True(ServerAddress.TryParseList("a, b:1,", out var addresses, out _));
        Assert.Equal(["a:7400", "b:1"], addresses.Select(address => address.ToString()));
        Assert.False(ServerAddress.TryParseList("a,b:x,c:y", out _, out var faulty));
        Assert.Equal("b:x", faulty);
        Assert.False(ServerAddress.TryParseList(" , ", out _, out _));
    }
}
