namespace FsCheck.Xunit;

/// <summary>A property is false, or too few of its cases satisfied its condition. The message has the shrunk case and the seed.</summary>
public class PropertyFailedException : Exception
{
    /// <summary>With FsCheck's own report of <paramref name="testResult"/>.</summary>
    public PropertyFailedException(TestResult testResult)
        : base(Report(testResult), Cause(testResult))
    {
    }

    /// <summary>With a message and the exception that led here.</summary>
    public PropertyFailedException(string userMessage, Exception? innerException)
        : base(userMessage, innerException)
    {
    }

    private static string Report(TestResult result)
    {
        var report = Environment.NewLine + Runner.onFinishedToString("", result);
        return result is TestResult.Failed { Item5: var seed }
            ? report + $"Replay the whole run with [Property(Replay = \"({seed.Seed},{seed.Gamma})\")]."
            : report;
    }

    private static Exception? Cause(TestResult result) => result is TestResult.Failed { Item4: Outcome.Failed failed } ? failed.Item : null;
}
