using System.Diagnostics;
using System.Text;

namespace Swim.Node.Workers;

/// <summary>Collects what a program writes, up to a bound over both streams together.</summary>
internal sealed class ShellOutput(Process process, int bytesMax) : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();
    private readonly CancellationTokenSource _enough = new();
    private int _bytes;

    /// <summary>True when the program wrote more than is kept.</summary>
    public bool IsTooLarge => Volatile.Read(ref _bytes) > bytesMax;

    public string StandardOutput => Encoding.UTF8.GetString(_output.GetBuffer(), 0, (int)_output.Length);

    public string StandardError => Encoding.UTF8.GetString(_error.GetBuffer(), 0, (int)_error.Length);

    /// <summary>Returns when the program has ended and both streams too, at most <paramref name="grace"/> later; or when it wrote too much.</summary>
    public async Task EndedAsync(TimeSpan grace, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _enough.Token);
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput.BaseStream, _output, stop.Token),
            ReadAsync(process.StandardError.BaseStream, _error, stop.Token));
        try
        {
            await process.WaitForExitAsync(stop.Token).ConfigureAwait(false);
            stop.CancelAfter(grace);
            await reading.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The readers must be done with the buffers before anyone looks at them.
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    public void Dispose() => _enough.Dispose();

    private async Task ReadAsync(Stream stream, MemoryStream into, CancellationToken cancellation)
    {
        var buffer = new byte[4_096];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            if (Interlocked.Add(ref _bytes, read) > bytesMax)
            {
                await _enough.CancelAsync().ConfigureAwait(false);
                return;
            }
            into.Write(buffer, 0, read);
        }
    }
}
