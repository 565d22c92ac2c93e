using System.Globalization;
using System.Reflection;
using Microsoft.FSharp.Core;

namespace FsCheck.Xunit;

/// <summary>What one attribute sets; null is "not set here".</summary>
internal sealed class PropertySettings
{
    public string? Replay { get; set; }

    public int? Parallelism { get; set; }

    public int? MaxTest { get; set; }

    public int? MaxRejected { get; set; }

    public int? StartSize { get; set; }

    public int? EndSize { get; set; }

    public bool? Verbose { get; set; }

    public bool? QuietOnSuccess { get; set; }

    public Type[] Arbitrary { get; set; } = [];

    /// <summary>The settings of a property: its own, then those of its classes from the inside out, then the assembly's.</summary>
    public static PropertySettings Of(MethodInfo method, Type testClass)
    {
        var settings = method.GetCustomAttribute<PropertyAttribute>()?.Settings ?? new PropertySettings();
        for (var type = testClass; type is not null; type = type.DeclaringType)
        {
            settings = settings.Over(type.GetCustomAttribute<PropertiesAttribute>(inherit: true)?.Settings);
        }

        return settings.Over(testClass.Assembly.GetCustomAttribute<PropertiesAttribute>()?.Settings);
    }

    public Config ToConfig(IRunner runner)
    {
        var start = Verbose == true ? Config.Verbose : Config.Quick;
        return start
            .WithMaxTest(MaxTest ?? start.MaxTest)
            .WithMaxRejected(MaxRejected ?? start.MaxRejected)
            .WithStartSize(StartSize ?? start.StartSize)
            .WithEndSize(EndSize ?? start.EndSize)
            .WithQuietOnSuccess(QuietOnSuccess ?? false)
            .WithReplay(Replay is null ? FSharpOption<Replay>.None : ParseReplay(Replay))
            .WithParallelRunConfig(Parallelism is > 0 ? new ParallelRunConfig(Parallelism.Value) : FSharpOption<ParallelRunConfig>.None)
            .WithArbitrary(Arbitrary)
            .WithRunner(runner);
    }

    private static Replay ParseReplay(string text)
    {
        var parts = text.Trim().Trim('(', ')').Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length is 2 or 3 && ulong.TryParse(parts[0], CultureInfo.InvariantCulture, out var seed) && ulong.TryParse(parts[1], CultureInfo.InvariantCulture, out var gamma))
        {
            if (parts.Length == 2)
            {
                return new Replay(new Rnd(seed, gamma), FSharpOption<int>.None);
            }

            if (int.TryParse(parts[2], CultureInfo.InvariantCulture, out var size))
            {
                return new Replay(new Rnd(seed, gamma), size);
            }
        }

        throw new ArgumentException($"Replay is \"(seed,gamma)\" or \"(seed,gamma,size)\", not \"{text}\".", nameof(text));
    }

    private PropertySettings Over(PropertySettings? outer) => outer is null ? this : new PropertySettings
    {
        Replay = Replay ?? outer.Replay,
        Parallelism = Parallelism ?? outer.Parallelism,
        MaxTest = MaxTest ?? outer.MaxTest,
        MaxRejected = MaxRejected ?? outer.MaxRejected,
        StartSize = StartSize ?? outer.StartSize,
        EndSize = EndSize ?? outer.EndSize,
        Verbose = Verbose ?? outer.Verbose,
        QuietOnSuccess = QuietOnSuccess ?? outer.QuietOnSuccess,
        Arbitrary = [.. Arbitrary, .. outer.Arbitrary],
    };
}
