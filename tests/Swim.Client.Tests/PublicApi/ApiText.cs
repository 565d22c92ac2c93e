using Google.Protobuf.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Swim.Client.Tests.PublicApi;

/// <summary>The public surface of an assembly in writing: a line for each type and each member, in an order that does not change.</summary>
internal static class ApiText
{
    private static readonly SymbolDisplayFormat Signature = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis | SymbolDisplayParameterOptions.IncludeModifiers,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat Name = Signature.WithKindOptions(SymbolDisplayKindOptions.None);

    /// <summary>Each public type of one namespace, and after it its public members with its name before them.</summary>
    public static IEnumerable<string> OfNamespace(string assemblyPath, string name)
    {
        var assembly = MetadataReference.CreateFromFile(assemblyPath);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file) != Path.GetFileName(assemblyPath)).Select(static file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create("Api", references: [assembly, .. platform]);
        var symbol = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(assembly)!;
        var types = name.Split('.').Aggregate(symbol.GlobalNamespace, static (space, part) => space.GetNamespaceMembers().Single(found => found.Name == part)).GetTypeMembers();
        return types.Where(static type => type.DeclaredAccessibility == Accessibility.Public).OrderBy(static type => type.Name, StringComparer.Ordinal).SelectMany(OfType);
    }

    /// <summary>Each message, enum and service of a proto file with its fields, values and methods.</summary>
    public static IEnumerable<string> OfProto(FileDescriptor file) =>
        file.MessageTypes.SelectMany(static message => message.Fields.InFieldNumberOrder().Select(field => $"{message.FullName} {field.FieldNumber} {field.Name}: {TypeOf(field)}"))
            .Concat(file.EnumTypes.SelectMany(static type => type.Values.Select(value => $"{type.FullName} {value.Number} {value.Name}")))
            .Concat(file.Services.SelectMany(static service => service.Methods.Select(method => $"{service.FullName} {method.Name}({method.InputType.FullName}): {(method.IsServerStreaming ? "stream " : "")}{method.OutputType.FullName}")));

    private static IEnumerable<string> OfType(INamedTypeSymbol type)
    {
        var modifiers = type.IsStatic ? "static " : type is { IsSealed: true, TypeKind: TypeKind.Class } ? "sealed " : "";
        var parents = string.Join(", ", type.Interfaces.Prepend(type.BaseType).Where(static parent => parent is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) })
            .Select(static parent => parent!.ToDisplayString(Name)).Order(StringComparer.Ordinal));
        yield return $"{modifiers}{type.ToDisplayString(Signature)}{(parents.Length > 0 ? $" : {parents}" : "")}";
        var members = type.GetMembers().Where(IsShown).Select(static member => member.ToDisplayString(Signature)).Order(StringComparer.Ordinal);
        foreach (var member in members) yield return $"{type.ToDisplayString(Name)}: {member}";
    }

    // Accessors show with their property; what the compiler makes for itself has a name that nobody can write.
    private static bool IsShown(ISymbol member) =>
        member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        && !member.Name.StartsWith('<')
        && member is not IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove };

    private static string TypeOf(FieldDescriptor field)
    {
        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            var scalar => scalar.ToString(),
        };
        return field.IsMap ? $"map of {type}" : field.IsRepeated ? $"repeated {type}" : type;
    }
}
