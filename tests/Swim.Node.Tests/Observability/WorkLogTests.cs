using System.Reflection;
using Microsoft.Extensions.Logging;
using Swim.Node.Hosting;
using Xunit;

namespace Swim.Node.Tests.Observability;

/// <summary>Every line about workflows names what it is about, as fields.</summary>
public sealed class WorkLogTests
{
    private static readonly List<string> Templates =
        [.. typeof(WorkLog).GetMethods().Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>()?.Message).OfType<string>()];

    [Fact]
    public void A_line_about_a_workflow_names_it()
    {
        Assert.True(Templates.Count >= 10);
        Assert.All(Templates, static text => Assert.Contains("{Workflow}", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_about_a_task_names_its_attempt()
    {
        Assert.Contains(Templates, static text => text.Contains("{Task}", StringComparison.Ordinal));
        Assert.All(Templates, static text => Assert.Equal(text.Contains("{Task}", StringComparison.Ordinal), text.Contains("{Attempt}", StringComparison.Ordinal)));
    }
}
