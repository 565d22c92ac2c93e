using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>
/// Once everybody is back and a grace has passed no context has an entry of a writer id that was given up, unless a cell there names it: at most one
/// of each node.
/// </summary>
internal sealed class WritersBoundedChecker : IChecker
{
    /// <inheritdoc/>
    public string Name => "WritersBounded";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        foreach (var node in cluster.UpNodes)
        {
            foreach (var bucket in node.Replica!.Held)
            {
                var named = bucket.NamedWriters();
                var idle = bucket.Context.Writers.Distinct().Where(writer => !named.Contains(writer)).ToList();
                if (idle.GroupBy(WriterId.FamilyOf).FirstOrDefault(static family => family.Count() > 1) is { } family)
                    return $"the context of bucket {bucket.Number} on n{node.Index} has {family.Count()} entries of one node that no cell names, and {idle.Count} in all";
            }
        }

        return null;
    }
}
