using System.CommandLine;

namespace Swim.Cli.Commands;

/// <summary>Asks for lines where a terminal would show a live view.</summary>
internal static class PlainOption
{
    public static Option<bool> Create() => new("--plain")
    {
        Description = "A line for each task that changed, as where the output is no terminal, instead of the live view. NO_COLOR does the same.",
    };

    /// <summary>The terminal to draw a live view on; null where there are to be lines.</summary>
    public static Screen? ScreenOf(CommandRun run, bool isPlain) =>
        !run.IsJson && !isPlain && run.Terminal.OutScreen is { IsPlain: false } screen ? screen : null;
}
