using System.Text;
using Swim.Cli;

namespace Swim.Client.Tests.Cli;

/// <summary>One run of the command inside this process.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static Task<CliRun> OfAsync(string[] args, byte[]? input = null, string? serverVariable = null, CancellationToken interrupted = default) =>
        OfAsync(args, input, name => name == "SWIM_SERVER" ? serverVariable : null, null, interrupted);

    public static Task<CliRun> OfAsync(string input, params string[] args) => OfAsync(args, Encoding.UTF8.GetBytes(input));

    /// <summary>With these variables as the whole environment.</summary>
    public static Task<CliRun> InAsync(Func<string, string?> environment, params string[] args) => OfAsync(args, null, environment, null, default);

    /// <summary>With standard output and standard error on that terminal.</summary>
    public static Task<CliRun> OnAsync(Screen screen, string[] args, byte[]? input = null, CancellationToken interrupted = default) =>
        OfAsync(args, input, static _ => null, screen, interrupted);

    private static async Task<CliRun> OfAsync(string[] args, byte[]? input, Func<string, string?> environment, Screen? screen, CancellationToken interrupted)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var terminal = new Terminal(() => new MemoryStream(input ?? []), output, error, environment) { OutScreen = screen, ErrorScreen = screen };
        var exit = await CommandLine.RunAsync(args, terminal, interrupted);
        return new CliRun(exit, output.ToString(), error.ToString());
    }
}
