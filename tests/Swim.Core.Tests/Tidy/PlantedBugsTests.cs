using System.Text.RegularExpressions;
using System.Xml.Linq;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Tidy;

/// <summary>No bug can be planted in what is shipped: the hook is invisible outside of Core, but for the simulator and tests, and nothing in Core uses it.</summary>
public sealed partial class PlantedBugsTests
{
    private const string Hook = "src/Swim.Core/Primitives/Planted.cs";

    [Fact]
    public void The_hook_is_internal_and_only_the_simulator_and_tests_are_let_in()
    {
        Assert.False(typeof(Planted).IsVisible);
        Assert.False(typeof(Mutant).IsVisible);
        var friends = XDocument.Parse(Repository.Read("src/Swim.Core/Swim.Core.csproj")).Descendants("InternalsVisibleTo").Select(static friend => (string?)friend.Attribute("Include"));
        Assert.Equal(["Swim.Core.Tests", "Swim.Simulation.Tests", "swim-sim"], friends.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_but_the_simulator_plants_a_bug() => Assert.Equal([],
        Repository.Files("src", ".cs").Where(static file => !file.StartsWith("src/Swim.Simulation/", StringComparison.Ordinal) && file != Hook)
            .Where(static file => Plants().IsMatch(Repository.Read(file))));

    [Fact]
    public void Only_Core_and_the_simulator_name_the_hook() => Assert.Equal([],
        Repository.Files("src", ".cs")
            .Where(static file => !file.StartsWith("src/Swim.Core/", StringComparison.Ordinal) && !file.StartsWith("src/Swim.Simulation/", StringComparison.Ordinal))
            .Where(static file => Names().IsMatch(Repository.Read(file))));

    [Fact]
    public void Every_bug_of_the_list_has_its_place_in_the_code() => Assert.Equal([],
        Enum.GetValues<Mutant>().Where(static mutant => mutant != Mutant.None)
            .Where(static mutant => !Repository.Files("src", ".cs").Any(file => Repository.Read(file).Contains($"Planted.Is(Mutant.{mutant})", StringComparison.Ordinal))));

    [GeneratedRegex(@"\bPlanted\s*\.\s*(?!Is\b)")]
    private static partial Regex Plants();

    [GeneratedRegex(@"\b(Planted|Mutant)\b")]
    private static partial Regex Names();
}
