using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Tools;

namespace Swim.Node.Workers;

/// <summary>
/// Runs <c>shell:exec {argv, stdin?, env?, cwd?}</c> and answers <c>{exit_code, stdout, stderr}</c>. An exit code other than 0 is a
/// failure with the end of stderr. Output is read as UTF-8, faulty bytes replaced.
/// Stopping it, by a cancel, a timeout or too much output, kills the program and those it started that are still its descendants.
/// Where this process itself is killed, <see cref="ShellGuard"/> does it.
/// </summary>
internal static class ShellTool
{
    /// <summary>Bytes of stdout and stderr together; more ends the program. Leaves room in a result for JSON's escapes.</summary>
    public const int OutputBytesMax = 1024 * 1024;

    /// <summary>The program is not on this node.</summary>
    public const string NotFound = "SHELL_NOT_FOUND";

    /// <summary>The system would not start the program.</summary>
    public const string NotStarted = "SHELL_NOT_STARTED";

    /// <summary>The program ended with an exit code other than 0.</summary>
    public const string Exit = "SHELL_EXIT";

    /// <summary>The program wrote more than <see cref="OutputBytesMax"/>.</summary>
    public const string OutputTooLarge = "SHELL_OUTPUT_TOO_LARGE";

    private const int TailChars = 1_024;

    // For a child left behind in the background that keeps the pipes open after the program itself is gone.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Runs the program to its end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the program is killed.</exception>
    public static async Task<ToolOutcome> RunAsync(JsonObject arguments, CancellationToken cancellation)
    {
        if (ShellCommand.Read(arguments, out var refusal) is not { } command) return refusal;
        ShellGuard.Watch(command.Start);
        using var process = new Process { StartInfo = command.Start };
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            return ToolOutcome.Failed(NotStarted, $"shell:exec: {fault.Message}", retryable: true);
        }
        return await AttendAsync(process, command.Input, cancellation).ConfigureAwait(false);
    }

    private static async Task<ToolOutcome> AttendAsync(Process process, string input, CancellationToken cancellation)
    {
        using var output = new ShellOutput(process, OutputBytesMax);
        try
        {
            var written = WriteAsync(process.StandardInput.BaseStream, input);
            await output.EndedAsync(Grace, cancellation).ConfigureAwait(false);
            if (output.IsTooLarge) return ToolOutcome.Failed(OutputTooLarge, $"shell:exec: the program wrote more than {OutputBytesMax} bytes: write less, or write to a file.");
            if (written.IsCompleted) await written.ConfigureAwait(false);
            return process.ExitCode == 0 ? Succeeded(output) : Failed(process.ExitCode, output);
        }
        finally
        {
            Kill(process);
        }
    }

    private static ToolOutcome Succeeded(ShellOutput output) => ToolOutcome.Succeeded(new JsonObject
    {
        ["exit_code"] = 0,
        ["stdout"] = output.StandardOutput,
        ["stderr"] = output.StandardError,
    });

    private static ToolOutcome Failed(int exitCode, ShellOutput output)
    {
        var tail = output.StandardError.TrimEnd();
        if (tail.Length > TailChars) tail = "..." + tail[^TailChars..];
        return ToolOutcome.Failed(Exit, string.Create(CultureInfo.InvariantCulture, $"The program ended with exit code {exitCode}{(tail.Length == 0 ? "." : ": " + tail)}"), retryable: true);
    }

    private static async Task WriteAsync(Stream stdin, string input)
    {
        try
        {
            await using (stdin.ConfigureAwait(false)) await stdin.WriteAsync(Encoding.UTF8.GetBytes(input)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The program ended, or closed its input, without reading all of it: its right.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception fault) when (fault is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended between the question and the signal.
        }
    }
}
