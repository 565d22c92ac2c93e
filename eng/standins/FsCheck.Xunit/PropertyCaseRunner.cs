using System.Reflection;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FsCheck.Xunit;

// xunit makes and disposes the test class and its fixtures; only the call of the method is replaced by FsCheck's run.
internal sealed class PropertyCaseRunner(
    IXunitTestCase testCase, object[] constructorArguments, IMessageBus messageBus, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
    : XunitTestCaseRunner(testCase, testCase.DisplayName, testCase.SkipReason, constructorArguments, [], messageBus, aggregator, cancellation)
{
    protected override XunitTestRunner CreateTestRunner(
        ITest test, IMessageBus messageBus, Type testClass, object[] constructorArguments, MethodInfo testMethod, object[] testMethodArguments,
        string skipReason, IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource) =>
        new TestRunner(
            test, messageBus, testClass, constructorArguments, testMethod, testMethodArguments, skipReason, beforeAfterAttributes, new ExceptionAggregator(aggregator), cancellationTokenSource);

    private sealed class TestRunner(
        ITest test, IMessageBus messageBus, Type testClass, object[] constructorArguments, MethodInfo testMethod, object[] testMethodArguments,
        string skipReason, IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
        : XunitTestRunner(test, messageBus, testClass, constructorArguments, testMethod, testMethodArguments, skipReason, beforeAfterAttributes, aggregator, cancellation)
    {
        protected override async Task<Tuple<decimal, string>> InvokeTestAsync(ExceptionAggregator aggregator)
        {
            // A helper the test class asks for, handed over as its factory, is shared: its lines and FsCheck's come in one stream.
            var output = new TestOutputHelper();
            object[] arguments = [.. ConstructorArguments.Select(argument => argument is Func<TestOutputHelper> or TestOutputHelper ? output : argument)];
            output.Initialize(MessageBus, Test);
            var seconds = await new Invoker(
                output, Test, MessageBus, TestClass, arguments, TestMethod, BeforeAfterAttributes, aggregator, CancellationTokenSource).RunAsync().ConfigureAwait(false);

            // Uninitialize() forgets the text.
            var text = output.Output;
            output.Uninitialize();
            return Tuple.Create(seconds, text);
        }
    }

    private sealed class Invoker(
        ITestOutputHelper output, ITest test, IMessageBus messageBus, Type testClass, object[] constructorArguments, MethodInfo testMethod,
        IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
        : XunitTestInvoker(test, messageBus, testClass, constructorArguments, testMethod, [], beforeAfterAttributes, aggregator, cancellation)
    {
        // On a thread of its own: FsCheck blocks on the tasks of async properties, whose continuations need xunit's threads.
        protected override async Task<decimal> InvokeTestMethodAsync(object? testClassInstance)
        {
            await Aggregator.RunAsync(() => Timer.AggregateAsync(() => Task.Factory.StartNew(
                () => Check(testClassInstance), CancellationTokenSource.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ConfigureAwait(false);
            return Timer.Total;
        }

        private void Check(object? instance)
        {
            var runner = new OutcomeRunner(output);
            var target = TestMethod.IsStatic || instance is null ? FSharpOption<object>.None : FSharpOption<object>.Some(instance);
            FsCheck.Check.Method(PropertySettings.Of(TestMethod, TestClass).ToConfig(runner), TestMethod, target);
            runner.Conclude();
        }
    }
}
