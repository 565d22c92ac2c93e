using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Xunit;

namespace Swim.StandIns.Tests.FsCheck;

public sealed class PropertyAttributeTests
{
    [Fact]
    public async Task A_true_property_passes_and_says_how_often_it_ran_as_its_class_sets_it()
    {
        var run = await RunAsync(nameof(SampleProperties.Holds));
        Assert.True(run.HasPassed, run.Message);
        Assert.Contains("passed 37 tests", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_method_wins_over_its_class_and_what_it_prints_is_kept()
    {
        var run = await RunAsync(nameof(SampleProperties.Prints));
        Assert.True(run.HasPassed, run.Message);
        Assert.Equal(5, Regex.Count(run.Output, "saw "));
        Assert.DoesNotContain("passed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_false_property_fails_with_its_smallest_case_and_its_seed()
    {
        var run = await RunAsync(nameof(SampleProperties.Fails_from_20_with_seed));
        Assert.False(run.HasPassed);
        Assert.Contains("Falsifiable", run.Message, StringComparison.Ordinal);
        Assert.Matches(@"Shrunk:\s+20\b", run.Message);
        Assert.Matches(@"\(\d+,\d+\)", run.Message);
    }

    [Fact]
    public async Task A_replay_runs_the_same_cases_to_the_same_words()
    {
        var first = await RunAsync(nameof(SampleProperties.Fails_from_20_with_seed));
        var second = await RunAsync(nameof(SampleProperties.Fails_from_20_with_seed));
        Assert.False(first.HasPassed);
        Assert.Contains("(42,7)", first.Message, StringComparison.Ordinal);
        Assert.Equal(first.Message, second.Message);
    }

    [Fact]
    public async Task Two_runs_without_a_replay_draw_two_seeds()
    {
        var seed = new Regex(@"\((\d+,\d+)\)");
        var first = seed.Match((await RunAsync(nameof(SampleProperties.Fails_from_20))).Message);
        var second = seed.Match((await RunAsync(nameof(SampleProperties.Fails_from_20))).Message);
        Assert.NotEqual(first.Value, second.Value);
    }

    [Fact]
    public async Task An_exception_fails_the_property_and_is_shrunk()
    {
        var run = await RunAsync(nameof(SampleProperties.Throws_from_20));
        Assert.False(run.HasPassed);
        Assert.Contains(nameof(ArgumentOutOfRangeException), run.Message, StringComparison.Ordinal);
        Assert.Matches(@"Shrunk:\s+20\b", run.Message);
    }

    [Fact]
    public async Task An_asynchronous_property_is_awaited()
    {
        Assert.True((await RunAsync(nameof(SampleProperties.Awaits))).HasPassed);
        var run = await RunAsync(nameof(SampleProperties.Awaits_and_fails_from_20));
        Assert.False(run.HasPassed);
        Assert.Matches(@"Shrunk:\s+20\b", run.Message);
    }

    [Fact]
    public async Task A_property_that_rejects_its_cases_is_exhausted_and_fails()
    {
        var run = await RunAsync(nameof(SampleProperties.Rejects_all));
        Assert.False(run.HasPassed);
        Assert.Contains("exhausted", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skip_and_display_name_are_those_of_a_fact()
    {
        Assert.Equal("not today", (await RunAsync(nameof(SampleProperties.Is_skipped))).SkipReason);
        Assert.Equal("a name of its own", (await RunAsync(nameof(SampleProperties.Has_a_name))).DisplayName);
    }

    [Fact]
    public async Task A_generator_a_size_and_verbosity_are_taken_from_the_attribute()
    {
        var generated = await RunAsync(nameof(SampleProperties.Takes_its_generator));
        Assert.True(generated.HasPassed, generated.Message);
        var sized = await RunAsync(nameof(SampleProperties.Takes_its_size));
        Assert.True(sized.HasPassed, sized.Message);
        Assert.Equal(3, Regex.Count((await RunAsync(nameof(SampleProperties.Shows_every_case))).Output, "Seven"));
    }

    [Property(MaxTest = 50)]
    public bool The_attribute_runs_under_the_real_runner(int value) => unchecked(value + 1 - 1) == value;

    private static Task<PropertyRun> RunAsync(string method) => PropertyRun.OfAsync(typeof(SampleProperties), method);
}
