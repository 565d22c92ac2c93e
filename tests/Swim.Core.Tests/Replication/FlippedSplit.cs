using System.Text.Json.Nodes;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Tools;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>
/// A split of four nodes in which both sides run a -> b -> c with outputs that tell who ran them. The near side, where a was first given
/// out, ends a first; the far side ends b and c first, with the result of its own a.
/// </summary>
internal sealed class FlippedSplit
{
    private const string Tasks = """
        "tasks":[
          {"id":"a","tool":"builtin:delay","arguments":{"ms":3000,"value":"a"}},
          {"id":"b","tool":"builtin:delay","arguments":{"ms":1,"value":"$OUTPUT[a]"}},
          {"id":"c","tool":"builtin:delay","arguments":{"ms":2,"value":"$OUTPUT[b]"}}]
        """;

    private readonly HashSet<int> _near = [];

    public FlippedSplit(string policy)
    {
        Cluster = new KernelCluster(4) { Tool = Run };
        var reply = Cluster.Ask(1, KernelCluster.Submission($$"""{"name":"flips","on_winner_change":"{{policy}}",{{Tasks}}}"""));
        Id = Assert.IsType<Submitted>(reply).Id;
        Cluster.RunFor(100);
        Executor = (int)Cells(Holder()).StatusOf(0)!.Detail.Executor.Value;
        _near.UnionWith([Executor, Executor == 1 ? 2 : 1]);
        Cluster.Cut([.. _near]);
    }

    public KernelCluster Cluster { get; }

    public WorkflowId Id { get; }

    /// <summary>The node that was first given a.</summary>
    public int Executor { get; }

    /// <summary>True: a fails on the far side, at once and for good.</summary>
    public bool FarSideFails { get; init; }

    public IEnumerable<int> Holders => Enumerable.Range(1, 4).Where(node => Cluster.Replicas[new NodeId((ulong)node)].Find(Id) is not null);

    public WorkflowCells Cells(int node) => Cluster.Replicas[new NodeId((ulong)node)].Find(Id)!;

    public bool IsNear(int node) => _near.Contains(node);

    public void RunApart(int ms = 12_000) => Cluster.RunFor(ms);

    public void Heal()
    {
        Cluster.Heal();
        Cluster.RunFor(15_000);
    }

    public WorkflowView View(int node) => Assert.IsType<Shown>(Cluster.Ask(node, new GetCommand("default", Id, TimeSpan.Zero))).View;

    public int Holder() => Holders.First();

    private ToolOutcome? Run(int node, JsonObject arguments)
    {
        if (arguments["ms"] is null) return null;
        var value = arguments["value"]!.GetValue<string>();
        var isNear = _near.Count == 0 || _near.Contains(node);
        if (FarSideFails && value == "a" && !isNear) return ToolOutcome.Failed("BROKEN", "It cannot work here.");
        var ms = arguments["ms"]!.GetValue<int>() switch
        {
            1 => isNear ? 5_000 : 100,
            2 => 10,
            var other => other,
        };
        return ToolOutcome.Succeeded($"{value}@{node}", TimeSpan.FromMilliseconds(ms));
    }
}
