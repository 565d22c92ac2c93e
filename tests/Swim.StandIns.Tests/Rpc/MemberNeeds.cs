using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Swim.StandIns.Tests.Rpc;

/// <summary>A type, or a member of it, that one assembly asks of another by name. For a type itself, name and signature are empty.</summary>
internal sealed record MemberNeed(string Assembly, string Type, string Name, int GenericParameters, string Signature);

/// <summary>Reads from the metadata of an assembly what it asks of others.</summary>
internal static class MemberNeeds
{
    private static readonly SignatureNames Names = new();

    /// <summary>All that <paramref name="asking"/> references in the assemblies named, in order of name, each once.</summary>
    public static IReadOnlyList<MemberNeed> Of(Assembly asking, params string[] asked)
    {
        using var file = new PEReader(File.OpenRead(asking.Location));
        var reader = file.GetMetadataReader();
        var needs = reader.TypeReferences.Select(handle => TypeNeed(reader, handle)).Concat(Members(reader));
        return [.. needs.Where(need => asked.Contains(need.Assembly)).Distinct().OrderBy(need => need.ToString(), StringComparer.Ordinal)];
    }

    private static MemberNeed TypeNeed(MetadataReader reader, TypeReferenceHandle type) =>
        new(AssemblyOf(reader, type), SignatureNames.FullName(reader, type), "", 0, "");

    private static IEnumerable<MemberNeed> Members(MetadataReader reader)
    {
        for (var row = 1; row <= reader.GetTableRowCount(TableIndex.MemberRef); row++)
        {
            var member = reader.GetMemberReference(MetadataTokens.MemberReferenceHandle(row));
            if (Owner(reader, member.Parent) is { } owner)
                yield return Need(reader, TypeNeed(reader, owner), member);
        }
    }

    private static MemberNeed Need(MetadataReader reader, MemberNeed owner, MemberReference member)
    {
        var name = reader.GetString(member.Name);
        if (member.GetKind() == MemberReferenceKind.Field)
            return owner with { Name = name, Signature = member.DecodeFieldSignature(Names, null) };
        var signature = member.DecodeMethodSignature(Names, null);
        return owner with { Name = name, GenericParameters = signature.GenericParameterCount, Signature = SignatureNames.Of(signature) };
    }

    private static TypeReferenceHandle? Owner(MetadataReader reader, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => (TypeReferenceHandle)parent,
        HandleKind.TypeSpecification => GenericType(reader, (TypeSpecificationHandle)parent),
        _ => null,
    };

    // A member of a closed generic type names that type by a signature: GENERICINST (CLASS | VALUETYPE) TypeDefOrRef (ECMA-335 II.23.2.14).
    private static TypeReferenceHandle? GenericType(MetadataReader reader, TypeSpecificationHandle handle)
    {
        var blob = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;
        blob.ReadCompressedInteger();
        var type = blob.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)type : null;
    }

    private static string AssemblyOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf(reader, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            _ => "",
        };
    }
}
