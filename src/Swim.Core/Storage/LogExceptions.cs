using System.Globalization;

namespace Swim.Core.Storage;

/// <summary>
/// The log holds bytes that no crash explains: something that was durable has changed or is missing. Nothing was deleted or altered.
/// </summary>
public sealed class CorruptLogException(string file, long offset, string what)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"The cell log is corrupt: {what}, in {file} at offset {offset}. Nothing was changed."))
{
    /// <summary>True when <see cref="CellLogOptions.AcceptsDamage"/> would have opened the log without what cannot be read.</summary>
    public bool CanGoOn { get; init; }

    /// <summary>What is wrong, without the place.</summary>
    public string What { get; } = what;

    /// <summary>The file it was found in.</summary>
    public string File { get; } = file;

    /// <summary>The offset in bytes of the first frame or header that is wrong.</summary>
    public long Offset { get; } = offset;
}

/// <summary>A log file was written by another version of this program, in a format this one does not know.</summary>
public sealed class LogFormatException(string file, uint found, uint supported)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{file} has format version {found}; this program reads and writes version {supported}. Start the version that wrote it."))
{
    /// <summary>The file it was found in.</summary>
    public string File { get; } = file;

    /// <summary>The version the file names.</summary>
    public uint Found { get; } = found;
}
