using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;

namespace Swim.StandIns.Tests.Rpc;

/// <summary>One way of writing types, for what an assembly asks for (metadata) and for what another one has (reflection).</summary>
internal sealed class SignatureNames : ISignatureTypeProvider<string, object?>
{
    private const byte ValueTypeKind = 0x11;   // ELEMENT_TYPE_VALUETYPE, ECMA-335 II.23.1.16

    public static string Of(MethodBase method, Type returned) =>
        $"{(method.IsStatic ? "static " : "")}({string.Join(", ", method.GetParameters().Select(parameter => Of(parameter.ParameterType)))}) -> {Of(returned)}";

    public static string Of(Type type) => type switch
    {
        { IsByRef: true } => Of(type.GetElementType()!) + "&",
        { IsSZArray: true } => Of(type.GetElementType()!) + "[]",
        { IsGenericMethodParameter: true } => "!!" + type.GenericParameterPosition,
        { IsGenericTypeParameter: true } => "!" + type.GenericParameterPosition,
        { IsGenericType: true } => $"{Named(type.GetGenericTypeDefinition())}<{string.Join(",", type.GetGenericArguments().Select(Of))}>",
        { IsPrimitive: true } => type.Name,
        _ when type == typeof(string) || type == typeof(object) || type == typeof(void) => type.Name,
        _ => Named(type),
    };

    public static string Of(MethodSignature<string> signature) =>
        $"{(signature.Header.IsInstance ? "" : "static ")}({string.Join(", ", signature.ParameterTypes)}) -> {signature.ReturnType}";

    public static string FullName(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{FullName(reader, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : $"{reader.GetString(type.Namespace)}.{name}";
    }

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        (rawTypeKind == ValueTypeKind ? "struct " : "") + FullName(reader, handle);

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        reader.GetString(reader.GetTypeDefinition(handle).Name);

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(",", typeArguments)}>";

    public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;

    public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetByReferenceType(string elementType) => elementType + "&";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{shape.Rank}]";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "function " + Of(signature);

    private static string Named(Type type) => (type.IsValueType ? "struct " : "") + type.FullName;
}
