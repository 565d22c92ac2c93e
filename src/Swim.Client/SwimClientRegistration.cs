using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Swim.Client;

/// <summary>Adds a <see cref="SwimClient"/> to the services of a program.</summary>
public static class SwimClientRegistration
{
    /// <summary>
    /// Adds one <see cref="SwimClient"/> for the whole program, which logs to the program's log and is disposed with its services.
    /// Calls add up: each changes what the ones before left.
    /// </summary>
    /// <exception cref="OptionsValidationException">
    /// Later, when a host starts or the client is first asked for: the options are faulty; the message names all faults.
    /// </exception>
    public static IServiceCollection AddSwimClient(this IServiceCollection services, Action<SwimClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<SwimClientOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SwimClientOptions>, OptionsValidation>());
        services.TryAddSingleton(static provider =>
            new SwimClient(provider.GetRequiredService<IOptions<SwimClientOptions>>().Value, provider.GetService<ILoggerFactory>()));
        return services;
    }

    /// <summary>
    /// As the other, with the options from a section of the program's configuration: the names of <see cref="SwimClientOptions"/>, in any
    /// case. <c>Servers</c> is a list, or one text with commas; a time is written as <c>00:00:05</c>. What is not given keeps its default.
    /// </summary>
    /// <exception cref="OptionsValidationException">
    /// Later, when a host starts or the client is first asked for: a value cannot be read, a name is unknown, or the options are faulty.
    /// </exception>
    public static IServiceCollection AddSwimClient(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        services.AddSwimClient(options => ClientSettings.Apply(section, options));
        return services.AddSingleton<IValidateOptions<SwimClientOptions>>(new SettingsValidation(section));
    }

    private static ValidateOptionsResult ResultOf(IEnumerable<string> faults) =>
        faults.ToList() is { Count: > 0 } some ? ValidateOptionsResult.Fail(some) : ValidateOptionsResult.Success;

    private sealed class OptionsValidation : IValidateOptions<SwimClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, SwimClientOptions options) => ResultOf(options.Validate());
    }

    // What could not be read left no trace in the options.
    private sealed class SettingsValidation(IConfiguration section) : IValidateOptions<SwimClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, SwimClientOptions options) => ResultOf(ClientSettings.Apply(section, new SwimClientOptions()));
    }
}
