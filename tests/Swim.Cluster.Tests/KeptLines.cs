using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Swim.Cluster.Tests;

/// <summary>A line of a log with its fields.</summary>
internal sealed record KeptLine(string Category, int Event, string Text, IReadOnlyDictionary<string, string?> Fields)
{
    public string? this[string field] => Fields.GetValueOrDefault(field);
}

/// <summary>Keeps what a node logs, as any provider gets it.</summary>
internal sealed class KeptLines : ILoggerProvider
{
    private readonly ConcurrentQueue<KeptLine> _lines = new();

    public IReadOnlyCollection<KeptLine> All => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose() => _lines.Clear();

    private sealed class Logger(string category, ConcurrentQueue<KeptLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(static field => field.Key, static field => field.Value?.ToString());
            lines.Enqueue(new KeptLine(category, eventId.Id, formatter(state, exception), fields));
        }
    }
}
