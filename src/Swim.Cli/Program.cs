using System.Runtime.InteropServices;
using Swim.Cli;

using var interrupted = new CancellationTokenSource();

// The first signal asks for an orderly end; the second one ends the process, which is what signals do by themselves.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

// Some terminals do not know their size.
static ScreenSize SizeOfWindow() => new(Console.WindowWidth > 0 ? Console.WindowWidth : 80, Console.WindowHeight > 0 ? Console.WindowHeight : 24);

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var terminal = new Terminal(Console.OpenStandardInput, Console.Out, Console.Error, Environment.GetEnvironmentVariable)
{
    OutScreen = Console.IsOutputRedirected ? null : Screen.Of(SizeOfWindow, Environment.GetEnvironmentVariable),
    ErrorScreen = Console.IsErrorRedirected ? null : Screen.Of(SizeOfWindow, Environment.GetEnvironmentVariable),
};
try
{
    return await CommandLine.RunAsync(args, terminal, interrupted.Token);
}
#pragma warning disable CA1031 // The last resort: whatever it is, it is a fault of this program, and people are told so in one line.
catch (Exception fault)
#pragma warning restore CA1031
{
    await Console.Error.WriteLineAsync($"swim: a fault of this program, please report it: {fault.GetType().Name}: {fault.Message}");
    return ExitCode.Failed;
}
