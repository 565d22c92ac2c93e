using FsCheck.Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Swim.StandIns.Tests.FsCheck;

/// <summary>Runs one property as xunit does, and keeps what it reports.</summary>
internal sealed record PropertyRun(bool HasPassed, string Message, string Output, string? SkipReason, string DisplayName)
{
    public static async Task<PropertyRun> OfAsync(Type type, string method)
    {
        var assembly = new TestAssembly(Reflector.Wrap(type.Assembly));
        var testClass = new TestClass(new TestCollection(assembly, null, "properties"), Reflector.Wrap(type));
        var info = Reflector.Wrap(type.GetMethod(method)!);
        var attribute = info.GetCustomAttributes(typeof(PropertyAttribute)).Single();
        var discoverer = new PropertyDiscoverer(new NullMessageSink());
        var testCase = discoverer.Discover(new DefaultOptions(), new TestMethod(testClass, info), attribute).Single();
        using var bus = new Recorder();
        using var cancellation = new CancellationTokenSource();
        var arguments = type.GetConstructors().Single().GetParameters().Length == 0 ? Array.Empty<object>() : [new Func<TestOutputHelper>(() => new TestOutputHelper())];
        await testCase.RunAsync(new NullMessageSink(), bus, arguments, new ExceptionAggregator(), cancellation);
        return bus.ToRun(testCase.DisplayName);
    }

    private sealed class DefaultOptions : ITestFrameworkDiscoveryOptions
    {
        // Unset is what the runner says of every option nobody gave.
        public TValue GetValue<TValue>(string name) => default!;

        public void SetValue<TValue>(string name, TValue value) => throw new NotSupportedException();
    }

    private sealed class Recorder : IMessageBus
    {
        private readonly List<IMessageSinkMessage> _messages = [];

        public bool QueueMessage(IMessageSinkMessage message)
        {
            lock (_messages)
            {
                _messages.Add(message);
            }

            return true;
        }

        public void Dispose()
        {
        }

        public PropertyRun ToRun(string displayName)
        {
            var result = _messages.OfType<ITestResultMessage>().Single();
            return new PropertyRun(
                result is ITestPassed,
                result is ITestFailed failed ? string.Join('\n', failed.Messages) : "",
                result.Output ?? "",
                (result as ITestSkipped)?.Reason,
                displayName);
        }
    }
}
