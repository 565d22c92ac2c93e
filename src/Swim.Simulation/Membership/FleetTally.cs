using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;

namespace Swim.Simulation.Membership;

/// <summary>
/// What the nodes of a fleet said of each other, held against what was so. Knows of each place whether it runs, and from the scenario
/// which places are <see cref="MarkFaulty"/>: what is said of those is counted apart.
/// </summary>
internal sealed class FleetTally(Fleet fleet)
{
    private readonly Dictionary<NodeId, int> _places = [];
    private readonly NodeId[] _present = new NodeId[fleet.Nodes.Count];
    private readonly bool[] _isFaulty = new bool[fleet.Nodes.Count];
    private readonly SortedDictionary<int, Detection> _crashes = [];
    private readonly Dictionary<(int Observer, NodeId Subject), int> _flips = [];
    private readonly long[] _flipsOf = new long[fleet.Nodes.Count];
    private readonly SortedSet<int> _accused = [];
    private long _stableFrom = long.MaxValue;

    /// <summary>What was sent.</summary>
    public FleetTraffic Traffic { get; } = new(fleet.Nodes.Count);

    /// <summary>Deaths said of members that ran, were within hearing and had no fault; and of these those said by members without one.</summary>
    public (long All, long AtHealthy) FalseDeaths { get; private set; }

    /// <summary>Suspicions of the same kind.</summary>
    public (long All, long AtHealthy) FalseSuspicions { get; private set; }

    /// <summary>Deaths said of members that ran but had a fault.</summary>
    public long DeathsOfFaulty { get; private set; }

    /// <summary>Suspicions and deaths of members that ran within hearing, since <see cref="MarkStable"/>; of members with a fault too.</summary>
    public long MistakesAfterStable { get; private set; }

    /// <summary>What is taken for each crash that was made.</summary>
    public IReadOnlyCollection<Detection> Detections => _crashes.Values;

    /// <summary>How often the nodes changed their mind on whether somebody is dead, by node.</summary>
    public IReadOnlyList<long> FlipsOf => _flipsOf;

    /// <summary>The most often one node changed its mind about one member.</summary>
    public int FlipsOfPairMax => _flips.Count == 0 ? 0 : _flips.Values.Max();

    /// <summary>How many members without a fault were said dead by somebody while they ran.</summary>
    public int HealthyRemoved => _accused.Count;

    /// <summary>True when the place has a fault that is not a crash.</summary>
    public bool IsFaulty(int place) => _isFaulty[place];

    /// <summary>The place has a fault from now on, for the rest of the run.</summary>
    public void MarkFaulty(int place) => _isFaulty[place] = true;

    /// <summary>From now on nobody has a reason for a mistake any more.</summary>
    public void MarkStable() => _stableFrom = fleet.Ticks;

    /// <summary>A process starts.</summary>
    public void OnStart(int place, NodeId id) => (_places[id], _present[place]) = (place, id);

    /// <summary>A process is killed.</summary>
    public void OnCrash(int place) => _crashes[place] = new Detection(_present[place], fleet.Ticks, fleet.Nodes.Count);

    /// <summary>A message is sent.</summary>
    public void OnSent(int place, int bytes) => Traffic.Add(fleet.Ticks, place, bytes);

    /// <summary>A message is lost.</summary>
    public void OnLost() => Traffic.Lost++;

    /// <summary>A node says something.</summary>
    public void OnNotice(int observer, Notice notice)
    {
        switch (notice)
        {
            case MemberSuspected suspected:
                OnSuspected(observer, suspected.Id);
                break;
            case MemberDied died:
                OnDied(observer, died.Id);
                break;
            case MemberRefuted { Was: MemberState.Dead } back:
                Flip(observer, back.Id);
                break;
        }
    }

    /// <summary>How many (crash, node that runs) pairs there are in which the node does not hold the crashed one for dead.</summary>
    public int Undetected() => _crashes.Where(crash => !IsBack(crash.Key, crash.Value)).Sum(crash => fleet.Nodes.Count(node =>
        node.Core is { } core && core.Members.StateOf(crash.Value.Subject) is MemberState.Alive or MemberState.Suspect));

    /// <summary>How many ordered pairs of running nodes within hearing there are in which the one does not hold the other for alive.</summary>
    public long Wrong() => fleet.Nodes.Where(static node => node.IsUp).Sum(observer => WrongOf(observer));

    private bool IsBack(int place, Detection crash) => fleet.Nodes[place].IsUp && _present[place] == crash.Subject;

    private long WrongOf(FleetNode observer)
    {
        var members = observer.Core!.Members;
        return fleet.Nodes.Count(subject => subject.IsUp && fleet.Links.AreJoined(observer.Place, subject.Place)
            && members.StateOf(_present[subject.Place]) is not (MemberState.Alive or MemberState.Suspect));
    }

    private void OnSuspected(int observer, NodeId subject)
    {
        if (!IsMistake(observer, subject, out var place)) return;
        if (_isFaulty[place]) return;
        FalseSuspicions = Count(FalseSuspicions, observer);
    }

    private void OnDied(int observer, NodeId subject)
    {
        Flip(observer, subject);
        if (IsMistake(observer, subject, out var place))
        {
            if (_isFaulty[place]) DeathsOfFaulty++;
            else
            {
                FalseDeaths = Count(FalseDeaths, observer);
                _accused.Add(place);
            }
        }
        else if (place >= 0 && _crashes.TryGetValue(place, out var crash) && crash.Subject == subject) crash.Note(observer, fleet.Ticks);
    }

    private bool IsMistake(int observer, NodeId subject, out int place)
    {
        place = _places.GetValueOrDefault(subject, -1);
        var isMistake = place >= 0 && fleet.Nodes[place].IsUp && _present[place] == subject && fleet.Links.AreJoined(observer, place);
        if (isMistake && fleet.Ticks >= _stableFrom) MistakesAfterStable++;
        return isMistake;
    }

    private (long All, long AtHealthy) Count((long All, long AtHealthy) count, int observer) =>
        (count.All + 1, count.AtHealthy + (_isFaulty[observer] ? 0 : 1));

    private void Flip(int observer, NodeId subject)
    {
        _flipsOf[observer]++;
        _flips[(observer, subject)] = _flips.GetValueOrDefault((observer, subject)) + 1;
    }
}

/// <summary>When a crash was noticed, and by whom.</summary>
/// <param name="subject">Who crashed.</param>
/// <param name="crashedTicks">When.</param>
/// <param name="nodes">How many places there are.</param>
internal sealed class Detection(NodeId subject, long crashedTicks, int nodes)
{
    private readonly bool[] _isNoted = new bool[nodes];

    /// <summary>Who crashed.</summary>
    public NodeId Subject { get; } = subject;

    /// <summary>Until the first node held it for dead; null when none did.</summary>
    public TimeSpan? First { get; private set; }

    /// <summary>Until the last node that noticed held it for dead.</summary>
    public TimeSpan? Last { get; private set; }

    /// <summary>A node holds it for dead.</summary>
    public void Note(int observer, long ticks)
    {
        if (_isNoted[observer]) return;
        _isNoted[observer] = true;
        Last = new TimeSpan(ticks - crashedTicks);
        First ??= Last;
    }
}
