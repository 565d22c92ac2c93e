using System.Runtime.InteropServices;
using Swim.Cli;

using var interrupted = new CancellationTokenSource();

// The first signal asks for an orderly end; the second one ends the process, which is what signals do by themselves.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var terminal = new Terminal(Console.OpenStandardInput, Console.Out, Console.Error, Environment.GetEnvironmentVariable);
return await CommandLine.RunAsync(args, terminal, interrupted.Token);
