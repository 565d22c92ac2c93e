using Swim.Core.Membership;

namespace Swim.Simulation.Membership;

/// <summary>A detector to run beside others.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Options">The options of its nodes.</param>
internal sealed record Baseline(string Name, string Summary, SwimOptions Options)
{
    /// <summary>Ours.</summary>
    public static readonly Baseline Ours = new("ours", "Swim Orchestrator with its defaults", new SwimOptions());

    /// <summary>Plain SWIM.</summary>
    public static readonly Baseline Plain = new("plain", "SWIM with suspicion, alpha = 5: no local health, a fixed timeout", SwimOptions.PlainSwim);

    /// <summary>Lifeguard as it is in the field.</summary>
    public static readonly Baseline Memberlist = new("memberlist", "Lifeguard with memberlist's defaults: alpha 4, beta 6, K 2, local health up to 8 times", SwimOptions.Memberlist);

    /// <summary>All that can be run.</summary>
    public static IReadOnlyList<Baseline> All { get; } = [Plain, Memberlist, Ours];

    /// <summary>The one of that name; null when there is none.</summary>
    public static Baseline? Find(string name) => All.FirstOrDefault(one => one.Name == name);
}
