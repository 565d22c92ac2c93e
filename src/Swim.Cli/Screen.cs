namespace Swim.Cli;

/// <summary>How large a terminal is.</summary>
/// <param name="Columns">At least 1.</param>
/// <param name="Rows">At least 1.</param>
public readonly record struct ScreenSize(int Columns, int Rows);

/// <summary>What a terminal that somebody looks at can do.</summary>
/// <param name="Size">Its size at the moment; changes when its window does.</param>
/// <param name="IsPlain">True where nothing may be drawn over or coloured: lines only.</param>
/// <param name="IsUnicode">True where it shows more than ASCII.</param>
public sealed record Screen(Func<ScreenSize> Size, bool IsPlain, bool IsUnicode)
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>
    /// A terminal as its environment describes it: plain with NO_COLOR (any value but an empty one) and where TERM is <c>dumb</c> or
    /// missing; Unicode where the locale says UTF-8, but on the Linux console, whose font has few signs.
    /// </summary>
    public static Screen Of(Func<ScreenSize> size, Func<string, string?> environment)
    {
        var kind = environment("TERM") ?? "";
        var isPlain = kind is "" or "dumb" || !string.IsNullOrEmpty(environment("NO_COLOR"));
        return new Screen(size, isPlain, kind != "linux" && IsUtf8(environment));
    }

    // The first of the three that is set decides, as POSIX has it.
    private static bool IsUtf8(Func<string, string?> environment)
    {
        var locale = LocaleVariables.Select(environment).FirstOrDefault(static value => !string.IsNullOrEmpty(value)) ?? "";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }
}
