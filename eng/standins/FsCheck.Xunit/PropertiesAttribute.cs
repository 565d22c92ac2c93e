namespace FsCheck.Xunit;

/// <summary>Settings for all properties of a class or an assembly; what a property sets itself goes first.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Assembly, AllowMultiple = false)]
public sealed class PropertiesAttribute : PropertyAttribute
{
}
