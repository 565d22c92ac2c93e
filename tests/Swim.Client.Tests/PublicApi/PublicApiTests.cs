using System.Reflection;
using Swim.V1;
using Xunit;

namespace Swim.Client.Tests.PublicApi;

/// <summary>
/// Breaking changes are noticed: the public surface stands in two approved files. Run with SWIM_APPROVE=1 to write them anew, and look at
/// what changed before it is committed.
/// </summary>
public sealed class PublicApiTests
{
    private const string Client = "Swim.Client.txt";
    private const string Protos = "Swim.V1.txt";

    [Fact]
    public void The_client_is_as_approved() => AssertApproved(Client, [.. ApiText.OfNamespace(typeof(SwimClient).Assembly.Location, "Swim.Client")], mayGrow: false);

    /// <summary>What is added to a proto file breaks nobody, so it needs no approval.</summary>
    [Fact]
    public void The_protos_have_all_that_is_approved() =>
        AssertApproved(Protos, [.. ApiText.OfProto(WorkflowsReflection.Descriptor), .. ApiText.OfProto(ClusterReflection.Descriptor)], mayGrow: true);

    [Fact]
    public void Everything_else_that_is_public_is_generated_from_the_protos() =>
        Assert.Equal(["Swim.Client", "Swim.V1"], typeof(SwimClient).Assembly.GetExportedTypes().Select(static type => type.Namespace!).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_client_needs_nothing_of_ASP_NET_Core() =>
        Assert.DoesNotContain(typeof(SwimClient).Assembly.GetReferencedAssemblies(), static name => name.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    private static void AssertApproved(string name, IReadOnlyList<string> actual, bool mayGrow)
    {
        var file = Path.Combine(Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().First(static fact => fact.Key == "PublicApi").Value!, name);
        if (Environment.GetEnvironmentVariable("SWIM_APPROVE") == "1") File.WriteAllLines(file, actual);
        var approved = File.ReadAllLines(file);
        Assert.NotEmpty(approved);
        var gone = approved.Except(actual).Select(static line => $"- {line.Trim()}");
        var come = mayGrow ? [] : actual.Except(approved).Select(static line => $"+ {line.Trim()}");
        var changes = gone.Concat(come).ToList();
        Assert.True(changes.Count == 0, $"The public surface differs from {name}. If that is meant, run this test with SWIM_APPROVE=1 and say so in CHANGELOG.md:\n{string.Join('\n', changes)}");
    }
}
