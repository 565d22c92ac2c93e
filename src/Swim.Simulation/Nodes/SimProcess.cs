using Swim.Core.Primitives;
using Swim.Simulation.Disk;
using Swim.Simulation.Time;

namespace Swim.Simulation.Nodes;

/// <summary>One life of a node: its two hosts, joined as in the real node.</summary>
internal sealed class SimProcess
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private readonly SimDisk _disk;

    /// <summary>Prepares the life of this <paramref name="number"/> from what is on the disk.</summary>
    public SimProcess(NodeSetup setup, MachineClock machine, ulong number, SimWorld world, SimDisk disk, bool acceptsDamage)
    {
        _disk = disk;
        var originTicks = (long)(StableHash.Of(setup.Id.Value, (ulong)world.Timeline.Ticks, world.Seed) >> 20);
        var clock = new NodeClock(world.Timeline, machine, originTicks);
        Membership = new MembershipHost(setup, number, Life, clock, world, disk);
        State = new StateHost(setup, number, Life, clock, world, disk, acceptsDamage);
        Membership.OnMembers = State.OnMembers;
        State.OnRemovals = Membership.OnRemovals;
    }

    /// <summary>Ends with the process.</summary>
    public ProcessLife Life { get; } = new();

    /// <summary>Who is there.</summary>
    public MembershipHost Membership { get; }

    /// <summary>State and tasks.</summary>
    public StateHost State { get; }

    /// <summary>Begins.</summary>
    public void Start()
    {
        State.Start();
        Membership.Start();
    }

    /// <summary>True while it hands over what it holds, to leave.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Begins to leave; <paramref name="hasLeft"/> is called once it has said farewell.</summary>
    public void BeginLeaving(SimWorld world, int node, Action hasLeft)
    {
        if (IsLeaving) return;
        IsLeaving = true;
        State.Stop();
        Membership.AnnounceLeaving();
        Look();

        void Look() => world.Timeline.After(LookEvery, new SimEvent(EventKind.StateTimer, node, Life, default, () =>
        {
            if (!State.HasLeftNothing || !Membership.IsHeard)
            {
                Look();
                return;
            }

            Membership.Leave();
            hasLeft();
        }));
    }

    /// <summary>Ends at once, without a word to anybody.</summary>
    public void End(bool losesPower)
    {
        Life.IsOver = true;
        State.End(_disk, losesPower);
    }
}
