using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Simulation.Time;

namespace Swim.Simulation.Faults;

/// <summary>
/// An operator removes a node: asks one of <paramref name="Askable"/> after the other, until one says that it is done. The node must be held
/// for dead by then, or the refusal makes the operator wait.
/// </summary>
public sealed record RemoveFault(int Node, IReadOnlyList<int> Askable, bool Force) : Fault
{
    private const int TriesMax = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes && Askable.Any(asked => asked < nodes) ? this with { Askable = [.. Askable.Where(asked => asked < nodes)] } : null;

    internal override void Befall(Simulator cluster) => Ask(cluster, cluster.Draw($"removal of {Node}"), TriesMax);

    private void Ask(Simulator cluster, Prng prng, int triesLeft)
    {
        if (triesLeft == 0 || cluster.Removed.Contains(Node)) return;
        var asked = cluster.Nodes[Askable[prng.Next(Askable.Count)]];
        cluster.Post(EventKind.Client, -1, Pause, () => Ask(cluster, prng, triesLeft - 1));
        if (asked.Serves) asked.Ask(new RemoveMemberCommand(cluster.Nodes[Node].Id, Force), reply => OnReply(cluster, reply));
    }

    private void OnReply(Simulator cluster, Reply reply)
    {
        if (reply is MemberRemoved) cluster.Removed.Add(Node);
    }
}
