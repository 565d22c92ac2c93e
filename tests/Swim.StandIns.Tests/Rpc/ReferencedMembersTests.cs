using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Xunit;

namespace Swim.StandIns.Tests.Rpc;

public sealed class ReferencedMembersTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Assembly Api = typeof(Metadata).Assembly;
    private static readonly Assembly Common = typeof(ICompressionProvider).Assembly;

    public static TheoryData<string> Askers => [typeof(GrpcServiceOptions).Assembly.GetName().Name!, typeof(GrpcChannel).Assembly.GetName().Name!];

    [Theory]
    [MemberData(nameof(Askers))]
    public void Every_member_that_the_real_assembly_asks_for_is_there(string asker)
    {
        var needs = MemberNeeds.Of(Assembly.Load(asker), "Grpc.Core.Api", "Grpc.Net.Common");

        Assert.True(needs.Count > 90, $"{asker} is known to ask for more than 90 types and members, found {needs.Count}");
        Assert.All(needs, need => Assert.True(IsThere(need), need.ToString()));
    }

    [Theory]
    [MemberData(nameof(Askers))]
    public void Every_override_in_the_real_assembly_has_something_to_override(string asker)
    {
        var overrides = Assembly.Load(asker).GetTypes()
            .Where(type => type.BaseType?.Assembly == Api || type.BaseType?.Assembly == Common)
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => method.IsVirtual && !method.Attributes.HasFlag(MethodAttributes.NewSlot))
            .ToList();

        Assert.NotEmpty(overrides);
        Assert.All(overrides, method => Assert.NotEqual(method, method.GetBaseDefinition()));
    }

    [Theory]
    [MemberData(nameof(Askers))]
    public void Identity_is_the_one_the_real_assembly_asks_for(string asker)
    {
        var asked = Assembly.Load(asker).GetReferencedAssemblies().Where(name => name.Name is "Grpc.Core.Api" or "Grpc.Net.Common").ToList();

        Assert.Equal(["Grpc.Core.Api", "Grpc.Net.Common"], asked.Select(name => name.Name).Order(StringComparer.Ordinal));
        foreach (var name in asked)
            Assert.Equal(name.FullName, Assembly.Load(name).FullName);
    }

    [Fact]
    public void A_missing_member_is_noticed()
    {
        var add = MemberNeeds.Of(typeof(GrpcChannel).Assembly, "Grpc.Core.Api").First(need => need is { Type: "Grpc.Core.Metadata", Name: "Add" });

        Assert.True(IsThere(add));
        Assert.False(IsThere(add with { Name = "Append" }));
        Assert.False(IsThere(add with { Signature = add.Signature.Replace("String", "Int32", StringComparison.Ordinal).Replace("Entry", "Int32", StringComparison.Ordinal) }));
        Assert.False(IsThere(add with { Type = "Grpc.Core.Trailers" }));
        Assert.False(IsThere(add with { Assembly = "Grpc.Net.Common" }));
    }

    private static bool IsThere(MemberNeed need)
    {
        if (Assembly.Load(need.Assembly).GetType(need.Type) is not { } type)
            return false;
        return need.Name.Length == 0 || Signatures(type, need.Name).Contains((need.GenericParameters, need.Signature));
    }

    private static IEnumerable<(int GenericParameters, string Signature)> Signatures(Type type, string name) =>
        type.GetMember(name, Declared).Select(member => member switch
        {
            FieldInfo field => (0, SignatureNames.Of(field.FieldType)),
            ConstructorInfo constructor => (0, SignatureNames.Of(constructor, typeof(void))),
            MethodInfo { IsPrivate: false } method => (method.GetGenericArguments().Length, SignatureNames.Of(method, method.ReturnType)),
            _ => (0, ""),
        });
}
