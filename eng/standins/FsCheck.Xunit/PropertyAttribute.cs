using Xunit;
using Xunit.Sdk;

namespace FsCheck.Xunit;

/// <summary>
/// Runs the method as an FsCheck property: its parameters are generated, and it may return bool, nothing, a <see cref="Property"/>, or a task of these.
/// What is not set here is taken from a <see cref="PropertiesAttribute"/> on the class, then on an outer class, then on the assembly.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property, AllowMultiple = false)]
[XunitTestCaseDiscoverer("FsCheck.Xunit.PropertyDiscoverer", "FsCheck.Xunit")]
public class PropertyAttribute : FactAttribute
{
    internal PropertySettings Settings { get; } = new();

    /// <summary>
    /// The seed to start with, as a failure prints it: <c>(seed,gamma)</c>, or <c>(seed,gamma,size)</c> to run the failing case alone.
    /// Null, the default, draws a fresh one.
    /// </summary>
    public string? Replay
    {
        get => Settings.Replay;
        set => Settings.Replay = value;
    }

    /// <summary>Threads that generate and check at once. Default 0: one.</summary>
    public int Parallelism
    {
        get => Settings.Parallelism ?? 0;
        set => Settings.Parallelism = value;
    }

    /// <summary>Cases to run. Default 100.</summary>
    public int MaxTest
    {
        get => Settings.MaxTest ?? Config.Default.MaxTest;
        set => Settings.MaxTest = value;
    }

    /// <summary>Cases that a condition may reject before the property counts as exhausted, which is a failure. Default 1,000.</summary>
    public int MaxRejected
    {
        get => Settings.MaxRejected ?? Config.Default.MaxRejected;
        set => Settings.MaxRejected = value;
    }

    /// <summary>Size of the first case. Default 1.</summary>
    public int StartSize
    {
        get => Settings.StartSize ?? Config.Default.StartSize;
        set => Settings.StartSize = value;
    }

    /// <summary>Size of the last case; it grows evenly. Default 100.</summary>
    public int EndSize
    {
        get => Settings.EndSize ?? Config.Default.EndSize;
        set => Settings.EndSize = value;
    }

    /// <summary>Prints every case. Default false.</summary>
    public bool Verbose
    {
        get => Settings.Verbose ?? false;
        set => Settings.Verbose = value;
    }

    /// <summary>Prints nothing when all cases pass. Default false.</summary>
    public bool QuietOnSuccess
    {
        get => Settings.QuietOnSuccess ?? false;
        set => Settings.QuietOnSuccess = value;
    }

    /// <summary>Types whose static members give generators; the first in the list wins, and the method's win over the class's.</summary>
    public Type[] Arbitrary
    {
        get => Settings.Arbitrary;
        set => Settings.Arbitrary = value;
    }
}
