using System.Reflection;

namespace Swim.Cli;

/// <summary>What was true when this program was built.</summary>
public static class BuildFacts
{
    /// <summary>Version, and the commit where the build knew it.</summary>
    public static string Version =>
        typeof(BuildFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Ids of the packages for which a stand-in of <c>eng/standins</c> was used; none on the public feed.</summary>
    public static IReadOnlyList<string> StandIns =>
        typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(fact => fact.Key == "StandInPackages")
            .SelectMany(fact => (fact.Value ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();

    /// <summary>Both in one line for people.</summary>
    public static string Describe() =>
        $"swim {Version} ({(StandIns.Count == 0 ? "built without stand-ins" : $"built with stand-ins for {string.Join(", ", StandIns)}")})";
}
