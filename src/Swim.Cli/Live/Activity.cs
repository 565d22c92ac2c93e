using Swim.Cli.Output;

namespace Swim.Cli.Live;

/// <summary>
/// Says what a command waits for when that takes more than a second: a line on standard error with a wheel and the time, taken away at the
/// end; on a plain terminal one line that stays; nothing where standard error is no terminal. Nothing else is written meanwhile.
/// </summary>
public static class Activity
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Waits for <paramref name="work"/>; <paramref name="doing"/> says what for.</summary>
    public static async Task<T> ShowAsync<T>(Terminal terminal, string doing, Task<T> work)
    {
        if (terminal.ErrorScreen is not { } screen || await IsDoneAsync(terminal, work, Patience).ConfigureAwait(false)) return await work.ConfigureAwait(false);
        if (screen.IsPlain) await terminal.Error.WriteLineAsync($"swim: {Printable.Line(doing)}").ConfigureAwait(false);
        else await DrawAsync(terminal, screen, Printable.Line(doing), work).ConfigureAwait(false);
        return await work.ConfigureAwait(false);
    }

    private static async Task DrawAsync(Terminal terminal, Screen screen, string doing, Task work)
    {
        var painter = new FramePainter(terminal.Error, screen.Size);
        var began = terminal.Clock.GetTimestamp();
        do
        {
            var time = Elapsed.Text((long)(terminal.Clock.GetElapsedTime(began) + Patience).TotalMilliseconds);
            painter.Paint([new StyledLine().Add($"{Glyphs.Of(screen).SpinnerAt(terminal.Clock.GetUtcNow().ToUnixTimeMilliseconds())} ", Tint.Busy).Add($"{doing}  {time}", Tint.Dim)]);
        }
        while (!await IsDoneAsync(terminal, work, LiveView.Interval).ConfigureAwait(false));
        painter.Erase();
    }

    private static async Task<bool> IsDoneAsync(Terminal terminal, Task work, TimeSpan within)
    {
        using var over = new CancellationTokenSource();
        await Task.WhenAny(work, Task.Delay(within, terminal.Clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        return work.IsCompleted;
    }
}
