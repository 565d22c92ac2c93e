using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Swim.Client;

/// <summary>Reads <see cref="SwimClientOptions"/> from a program's configuration, by one table of names; without reflection, so that it can be trimmed.</summary>
internal static class ClientSettings
{
    private delegate string? Setting(IConfigurationSection given, SwimClientOptions options);

    private static readonly Dictionary<string, Setting> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(SwimClientOptions.Servers)] = Servers,
        [nameof(SwimClientOptions.CallTimeout)] = Time(static (options, time) => options.CallTimeout = time),
        [nameof(SwimClientOptions.ServerTimeout)] = Time(static (options, time) => options.ServerTimeout = time),
        [nameof(SwimClientOptions.RoundsMax)] = Count,
        [nameof(SwimClientOptions.BackoffMin)] = Time(static (options, time) => options.BackoffMin = time),
        [nameof(SwimClientOptions.BackoffMax)] = Time(static (options, time) => options.BackoffMax = time),
        [nameof(SwimClientOptions.FollowPatience)] = Time(static (options, time) => options.FollowPatience = time),
    };

    /// <summary>Sets what is given and can be read; answers with what cannot, each by its whole name in the configuration.</summary>
    public static IReadOnlyList<string> Apply(IConfiguration section, SwimClientOptions options)
    {
        var faults = new List<string>();
        foreach (var given in section.GetChildren())
        {
            var fault = Settings.TryGetValue(given.Key, out var setting)
                ? setting(given, options)
                : $"is no setting of the client: there are {string.Join(", ", Settings.Keys)}";
            if (fault is not null) faults.Add($"{given.Path} {fault}.");
        }

        return faults;
    }

    private static string? Servers(IConfigurationSection given, SwimClientOptions options)
    {
        var text = given.Value ?? string.Join(',', given.GetChildren().Select(static server => server.Value));
        if (!ServerAddress.TryParseList(text, out var servers, out var faulty)) return $"has '{faulty}', which is no address: write HOST or HOST:PORT";
        options.Servers = servers;
        return null;
    }

    private static Setting Time(Action<SwimClientOptions, TimeSpan> set) => (given, options) =>
    {
        // A bare number would be days.
        if (given.Value?.Contains(':', StringComparison.Ordinal) != true || !TimeSpan.TryParse(given.Value, CultureInfo.InvariantCulture, out var time))
            return $"is '{given.Value}', which is no time: write 00:00:05 for five seconds, 00:00:00.250 for a quarter of one";
        set(options, time);
        return null;
    };

    private static string? Count(IConfigurationSection given, SwimClientOptions options)
    {
        if (!int.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return $"is '{given.Value}', which is no number: write 1 or more";
        options.RoundsMax = count;
        return null;
    }
}
