namespace Swim.Cli.Completion;

/// <summary>What a shell loads to complete the command. Each script asks <c>swim complete LINE</c>, so it stays right when commands change.</summary>
public static class Scripts
{
    /// <summary>The shells there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script for one of <see cref="Shells"/>.</summary>
    public static string For(string shell)
    {
        using var script = new StreamReader(typeof(Scripts).Assembly.GetManifestResourceStream($"swim.{shell}")!);
        return script.ReadToEnd();
    }
}
