using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit.Abstractions;

namespace Swim.StandIns.Tests.FsCheck;

#pragma warning disable xUnit1000 // Some are false on purpose; not being public keeps them from the runner.
#pragma warning disable CA1822, CA1812 // Instances, because most properties live on instances.

/// <summary>Properties run by <see cref="PropertyAttributeTests"/>, not by the test runner.</summary>
[Properties(MaxTest = 37)]
internal sealed class SampleProperties(ITestOutputHelper output)
{
    [Property]
    public bool Holds(int a, int b) => a + b == b + a;

    [Property(MaxTest = 5, QuietOnSuccess = true)]
    public void Prints(int value) => output.WriteLine($"saw {value}");

    [Property(MaxTest = 1000)]
    public bool Fails_from_20(int value) => value < 20;

    [Property(StartSize = 100, Replay = "(42,7)")]
    public bool Fails_from_20_with_seed(int value) => value < 20;

    [Property(StartSize = 100, Replay = "(42,7)")]
    public void Throws_from_20(int value) => ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 19);

    [Property]
    public async Task Awaits(int value)
    {
        await Task.Yield();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1_000);
    }

    [Property(StartSize = 100, Replay = "(42,7)")]
    public async Task<bool> Awaits_and_fails_from_20(int value)
    {
        await Task.Delay(1);
        return value < 20;
    }

    [Property(MaxRejected = 50)]
    public Property Rejects_all(int value) => true.When(value > 1_000_000);

    [Property(Skip = "not today")]
    public bool Is_skipped(int value) => value > 0;

    [Property(DisplayName = "a name of its own")]
    public bool Has_a_name(int value) => value == value + 0;

    [Property(Arbitrary = [typeof(SevenOnly)])]
    public bool Takes_its_generator(Seven seven) => seven.Value == 7;

    [Property(Verbose = true, MaxTest = 3)]
    public bool Shows_every_case(Seven seven) => seven.Value != int.MinValue;

    [Property(StartSize = 50, EndSize = 50, MaxTest = 200)]
    public bool Takes_its_size(int value) => value is >= -50 and <= 50;
}

internal sealed record Seven(int Value);

internal static class SevenOnly
{
    public static Arbitrary<Seven> Sevens() => Gen.Constant(new Seven(7)).ToArbitrary();
}
