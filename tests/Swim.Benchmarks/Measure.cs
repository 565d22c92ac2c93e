namespace Swim.Benchmarks;

/// <summary>One measured figure.</summary>
/// <param name="Id">Stable from run to run: nodes / in flight / metric.</param>
/// <param name="Value">As measured.</param>
/// <param name="Unit">Of <paramref name="Value"/>, target and limit.</param>
/// <param name="Better">Which way is better.</param>
/// <param name="Target">What it must reach; null where nothing is promised.</param>
/// <param name="Limit">What the machine itself allows at best, measured in the same run; null where that is not known.</param>
public sealed record Measure(string Id, double Value, string Unit, Better Better, double? Target = null, double? Limit = null)
{
    /// <summary>True when the target is reached or there is none.</summary>
    public bool IsReached => Target is not { } target || (Better == Better.Higher ? Value >= target : Value <= target);
}

/// <summary>Which way a figure is better.</summary>
public enum Better
{
    /// <summary>Less is better.</summary>
    Lower,

    /// <summary>More is better.</summary>
    Higher,
}
