using System.Net;
using Swim.Node.Configuration;
using Swim.Node.Workers.Http;
using Xunit;

namespace Swim.Node.Tests.Workers.Http;

public sealed class HttpAccessTests
{
    [Theory]
    [InlineData("127.0.0.1"), InlineData("127.9.9.9"), InlineData("0.0.0.0"), InlineData("10.1.2.3"), InlineData("172.16.0.1"), InlineData("172.31.255.255")]
    [InlineData("192.168.1.1"), InlineData("100.64.0.1"), InlineData("169.254.169.254"), InlineData("224.0.0.1"), InlineData("255.255.255.255")]
    [InlineData("::"), InlineData("::1"), InlineData("fe80::1"), InlineData("fd00::1"), InlineData("ff02::1"), InlineData("fec0::1"), InlineData("2001:0:1::1")]
    [InlineData("::ffff:127.0.0.1"), InlineData("::ffff:169.254.169.254"), InlineData("64:ff9b::10.0.0.1"), InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::"), InlineData("::10.0.0.1"), InlineData("::ffff:0:10.0.0.1"), InlineData("168.63.129.16"), InlineData("fd00:ec2::254"), InlineData("4000::1")]
    public void Addresses_that_are_not_public_are_refused(string address) => Assert.False(new HttpAccess([]).IsAllowed(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1"), InlineData("172.32.0.1"), InlineData("100.128.0.1"), InlineData("2606:4700::1111"), InlineData("::ffff:93.184.216.34"), InlineData("64:ff9b::1.1.1.1")]
    public void Public_addresses_are_allowed(string address) => Assert.True(new HttpAccess([]).IsAllowed(IPAddress.Parse(address)));

    [Fact]
    public void A_range_opens_itself_in_every_notation_and_nothing_else()
    {
        var access = new HttpAccess(Read("10.0.0.0/8, fd00::/16", out var faults).HttpAllow);
        Assert.Empty(faults);
        Assert.All(["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd00::1"], address => Assert.True(access.IsAllowed(IPAddress.Parse(address))));
        Assert.All(["127.0.0.1", "192.168.0.1", "::ffff:127.0.0.1", "fd01::1"], address => Assert.False(access.IsAllowed(IPAddress.Parse(address))));
    }

    // IPNetwork.Contains compares a mapped address with the last four bytes of an IPv6 range, so 2000::/3 would hold ::ffff:10.0.0.1.
    [Fact]
    public void A_range_of_IPv6_opens_no_IPv4_address_in_its_notation()
    {
        var access = new HttpAccess([IPNetwork.Parse("2000::/3"), IPNetwork.Parse("fc00::/7")]);
        Assert.All(["::ffff:10.1.2.3", "::ffff:0.0.0.0", "10.1.2.3"], address => Assert.False(access.IsAllowed(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("localhost")]
    [InlineData("10.0.0.0/8,nowhere/8")]
    public void What_is_no_range_is_a_fault_of_the_settings(string text)
    {
        Read(text, out var faults);
        Assert.Contains("--http-allow", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static NodeOptions Read(string text, out List<string> faults) =>
        NodeSettings.Read(new Dictionary<string, string> { ["--http-allow"] = text }, static _ => null, faults = []);
}
