using System.Globalization;

namespace Swim.Cli.Output;

/// <summary>Times for people, in UTC.</summary>
public static class Moment
{
    /// <summary>To the second. A node may send any number; what is outside of time is shown as it came.</summary>
    public static string Text(long unixMs)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
        catch (ArgumentOutOfRangeException)
        {
            return unixMs.ToString(CultureInfo.InvariantCulture);
        }
    }
}
