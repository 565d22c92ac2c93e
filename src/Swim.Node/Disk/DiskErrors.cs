using Swim.Core.Storage;

namespace Swim.Node.Disk;

/// <summary>Turns what .NET throws at a file operation into the disk's own exceptions.</summary>
internal static class DiskErrors
{
    /// <summary>Runs <paramref name="operation"/>; <paramref name="what"/> names it in the message of a failure.</summary>
    public static T Translated<T>(string what, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Translate(what, error);
        }
    }

    /// <inheritdoc cref="Translated{T}"/>
    public static void Translated(string what, Action operation) => Translated(what, () =>
    {
        operation();
        return true;
    });

    /// <summary>The exception that stands for <paramref name="error"/>. On Unix the error number is the exception's result code.</summary>
    public static DiskException Translate(string what, Exception error)
    {
        var message = $"{what}: {error.Message}";
        return error.HResult is Libc.ENOSPC or Libc.EDQUOT ? new DiskFullException(message, error) : new DiskException(message, error);
    }
}
