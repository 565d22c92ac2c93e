using System.Text;
using Swim.Cli;

namespace Swim.Client.Tests.Cli;

/// <summary>One run of the command inside this process.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static async Task<CliRun> OfAsync(string[] args, byte[]? input = null, string? serverVariable = null, CancellationToken interrupted = default)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var terminal = new Terminal(() => new MemoryStream(input ?? []), output, error, name => name == "SWIM_SERVER" ? serverVariable : null);
        var exit = await CommandLine.RunAsync(args, terminal, interrupted);
        return new CliRun(exit, output.ToString(), error.ToString());
    }

    public static Task<CliRun> OfAsync(string input, params string[] args) => OfAsync(args, Encoding.UTF8.GetBytes(input));
}
