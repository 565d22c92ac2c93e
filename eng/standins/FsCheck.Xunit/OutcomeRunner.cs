using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace FsCheck.Xunit;

// Prints to the test's output and keeps the result, so that it is thrown where xunit looks for it.
internal sealed class OutcomeRunner(ITestOutputHelper output) : IRunner
{
    private TestResult? _result;

    public void OnStartFixture(Type t) => Print(Runner.onStartFixtureToString(t));

    public void OnArguments(int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every) =>
        Print(every.Invoke(ntest).Invoke(args));

    public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink) => Print(everyShrink.Invoke(args));

    public void OnFinished(string name, TestResult testResult) => _result = testResult;

    public void Conclude()
    {
        switch (_result)
        {
            case TestResult.Passed { Item2: var isQuiet }:
                Print(isQuiet ? "" : Runner.onFinishedToString("", _result));
                break;
            case null:
                throw new PropertyFailedException("FsCheck ended without a result.", null);
            default:
                throw new PropertyFailedException(_result);
        }
    }

    private void Print(string text)
    {
        if (text.Length > 0)
        {
            output.WriteLine(text.TrimEnd());
        }
    }
}
