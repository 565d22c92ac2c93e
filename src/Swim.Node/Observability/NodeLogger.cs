using System.Collections;
using Microsoft.Extensions.Logging;

namespace Swim.Node.Observability;

/// <summary>
/// Gives every line the field Node, and leaves its text alone: several nodes may share a process, and many a place where logs are kept.
/// Not a scope, which would belong to a flow of calls: the node's loops have threads of their own.
/// </summary>
internal sealed class NodeLogger(ILogger inner, string node) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (inner.IsEnabled(logLevel)) inner.Log(logLevel, eventId, new Line<TState>(node, state, formatter), exception, static (line, exception) => line.Format(exception));
    }

    private sealed class Line<TState>(string node, TState state, Func<TState, Exception?, string> formatter) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        private readonly IReadOnlyList<KeyValuePair<string, object?>> _fields = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];

        public int Count => _fields.Count + 1;

        public KeyValuePair<string, object?> this[int index] => index == 0 ? KeyValuePair.Create<string, object?>("Node", node) : _fields[index - 1];

        public string Format(Exception? exception) => formatter(state, exception);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (var i = 0; i < Count; i++) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => Format(null);
    }
}
