using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Swim.Core.Primitives;
using Swim.Node.Configuration;
using Swim.Node.Hosting;

namespace Swim.Node.Observability;

/// <summary>Where a node's log goes, and in which form.</summary>
internal static class NodeLogging
{
    private const string Category = "Swim.Node";
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>To standard error as the options say, and to <see cref="NodeOptions.LogTo"/>.</summary>
    public static void Configure(ILoggingBuilder logging, NodeOptions options)
    {
        logging.ClearProviders();
        AddConsole(logging, options.LogFormat);
        foreach (var provider in options.LogTo) logging.AddProvider(provider);
        logging.Services.Configure<ConsoleLoggerOptions>(static console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // Whoever reads standard error slowly must not hold up the loops; the logger says how many lines it dropped.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None).AddFilter("Grpc", LogLevel.Critical);
    }

    /// <summary>The log of the node <paramref name="self"/>.</summary>
    public static NodeLog LogOf(ILoggerFactory loggers, NodeId self) => new(new NodeLogger(loggers.CreateLogger(Category), self.ToString()));

    private static void AddConsole(ILoggingBuilder logging, LogFormat format)
    {
        if (format == LogFormat.Json) logging.AddJsonConsole(static json => (json.TimestampFormat, json.UseUtcTimestamp) = (TimestampFormat, true));
        else logging.AddSimpleConsole(static plain => (plain.SingleLine, plain.TimestampFormat, plain.UseUtcTimestamp) = (true, TimestampFormat + " ", true));
    }
}
