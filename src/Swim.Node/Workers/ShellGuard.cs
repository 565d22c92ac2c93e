using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Swim.Node.Workers;

/// <summary>
/// Sees to it that programs do not outlive this process when it is killed and can end nothing itself. A small process of the system's
/// shell waits for the end of a pipe that only this process holds open, and then kills all that have the variable in their environment,
/// by which descendants are found too, whoever is their parent by then. Not found: a program that clears its environment, or
/// runs as another user. Without <c>/bin/sh</c> and <c>grep</c> there is no guard.
/// </summary>
internal sealed class ShellGuard
{
    /// <summary>Marks the programs of this process.</summary>
    public const string Variable = "SWIM_GUARD";

    // What is about to fork while others are killed is found in the next round. The pipe brings nothing but its end.
    private const string Script = """
        exec >/dev/null 2>&1
        trap '' HUP INT QUIT TERM
        while read -r _; do :; done
        for round in 1 2 3; do
          for file in $(grep -lzxF "$1" /proc/[0-9]*/environ); do
            file=${file#/proc/}
            kill -9 "${file%/environ}"
          done
        done
        """;

    private static readonly Lazy<ShellGuard> OfThisProcess = new(static () => new ShellGuard());

    private readonly string _value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    // Held, or the pipe would end when it is collected.
    private readonly Process? _guard;

    private ShellGuard()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "swim-guard", $"{Variable}={_value}"]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        try
        {
            _guard = Process.Start(start);
        }
        catch (Win32Exception)
        {
            // A machine without a shell: the programs run unguarded.
        }
    }

    /// <summary>Puts a program that is about to be started under guard.</summary>
    public static void Watch(ProcessStartInfo program)
    {
        if (OfThisProcess.Value._guard is not null) program.Environment[Variable] = OfThisProcess.Value._value;
    }
}
