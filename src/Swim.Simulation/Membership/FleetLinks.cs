using Swim.Core.Primitives;
using Swim.Simulation.Network;

namespace Swim.Simulation.Membership;

/// <summary>
/// The links between the nodes of a fleet: what is lost, what is cut, how long the rest takes. Loss is given per node and direction,
/// since the papers' faults are those of single machines; a split is given by groups, so that 10,000 nodes need no square of links.
/// </summary>
internal sealed class FleetLinks(int places, Prng prng)
{
    /// <summary>How long a packet that was lost on a stream takes longer: the first retransmission.</summary>
    public static readonly TimeSpan ResendDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>After how long a call over a dead link is given up.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly int[] _lostIn = new int[places];
    private readonly int[] _lostOut = new int[places];
    private readonly TimeSpan[] _slowOut = new TimeSpan[places];
    private readonly int[] _group = new int[places];

    /// <summary>What holds on every link.</summary>
    public LinkConditions Conditions { get; set; } = LinkConditions.Calm;

    /// <summary>Of 1,000 packets to the node so many are lost on the way in.</summary>
    public void LoseIn(int node, int perMille) => _lostIn[node] = perMille;

    /// <summary>Of 1,000 packets of the node so many are lost on the way out.</summary>
    public void LoseOut(int node, int perMille) => _lostOut[node] = perMille;

    /// <summary>Everything that the node sends takes that much longer.</summary>
    public void SlowOut(int node, TimeSpan extra) => _slowOut[node] = extra;

    /// <summary>Puts a node into a group: groups do not hear each other.</summary>
    public void PutInto(int node, int group) => _group[node] = group;

    /// <summary>True when nothing at all gets from one to the other.</summary>
    public bool IsCut(int from, int to) => _group[from] != _group[to] || _lostOut[from] >= 1000 || _lostIn[to] >= 1000;

    /// <summary>True when both hear each other.</summary>
    public bool AreJoined(int one, int other) => !IsCut(one, other) && !IsCut(other, one);

    /// <summary>Draws whether a packet is lost.</summary>
    public bool Loses(int from, int to) => IsCut(from, to) || Chance(Conditions.LostPerMille) || Chance(_lostOut[from]) || Chance(_lostIn[to]);

    /// <summary>Draws how long a packet of that node takes.</summary>
    public TimeSpan Delay(int from) => Conditions.Delay(prng) + _slowOut[from];

    /// <summary>Draws how long a message on a stream takes: a loss costs time.</summary>
    public TimeSpan StreamDelay(int from, int to)
    {
        var delay = Delay(from);
        for (var tries = 0; tries < 5 && Loses(from, to); tries++) delay += (1 << tries) * ResendDelay;
        return delay;
    }

    // No draw where nothing can be lost: most links of most runs.
    private bool Chance(int perMille) => perMille > 0 && prng.Chance(perMille);
}
