using System.Reflection;

namespace Swim.Node.Hosting;

/// <summary>What was true when this node was built.</summary>
internal static class BuildFacts
{
    /// <summary>The stand-ins of <c>eng/standins</c> that were used in place of packages, in one line.</summary>
    public static string Describe { get; } = Describing();

    private static string Describing()
    {
        var standIns = typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(static fact => fact.Key == "StandInPackages")?.Value;
        return string.IsNullOrEmpty(standIns) ? "built without stand-ins" : $"built with stand-ins for {standIns.Replace(";", ", ", StringComparison.Ordinal)}";
    }
}
