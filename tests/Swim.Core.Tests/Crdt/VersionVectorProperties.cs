using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Crdt;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class VersionVectorProperties() : LatticeLaws<VersionVector>(Lattice)
{
    private static readonly Lattice<VersionVector> Lattice = new(
        () => new VersionVector(),
        (left, right) => { var joined = left.Clone(); joined.Merge(right); return joined; },
        (state, step, _) => { var after = state.Clone(); return (after, after.Increment((ulong)step.Replica)); },
        state => Encoding.Of((ref MessagePackWriter writer) => state.Write(ref writer)),
        bytes => Encoding.Read(bytes, (ref MessagePackReader reader) => VersionVector.Read(ref reader)),
        (left, right) => left.SameAs(right));

    // The vector against the plain set of events it stands for: an event is (replica, index of its step).
    [Property]
    public bool It_orders_histories_as_inclusion_of_their_events(History history)
    {
        var run = Run<(VersionVector Vector, SortedSet<(int Replica, int Event)> Events)>.Of(WithEvents, history);
        return run.Replicas.All(a => run.Replicas.All(b => a.Vector.CompareTo(b.Vector) == Inclusion(a.Events, b.Events)
            && a.Vector.HappensBefore(b.Vector) == a.Events.IsProperSubsetOf(b.Events)
            && a.Vector.IsConcurrentWith(b.Vector) == (!a.Events.IsSubsetOf(b.Events) && !b.Events.IsSubsetOf(a.Events))));
    }

    [Property]
    public bool Merge_says_whether_it_changed_anything(History history)
    {
        var states = Run<VersionVector>.Of(Lattice, history).States;
        return states.All(state => states.All(other =>
        {
            var joined = state.Clone();
            return joined.Merge(other) != Lattice.AreEqual(joined, state);
        }));
    }

    // A delta here brings the whole history of its event, since one that names the event alone has a gap, which a version vector cannot tell.
    private static readonly Lattice<(VersionVector Vector, SortedSet<(int Replica, int Event)> Events)> WithEvents = new(
        () => (new VersionVector(), []),
        (left, right) =>
        {
            var joined = left.Vector.Clone();
            joined.Merge(right.Vector);
            return (joined, [.. left.Events, .. right.Events]);
        },
        (state, step, index) =>
        {
            var after = state.Vector.Clone();
            after.Increment((ulong)step.Replica);
            SortedSet<(int, int)> events = [.. state.Events, (step.Replica, index)];
            return ((after, events), (after, events));
        },
        _ => [],
        _ => throw new NotSupportedException(),
        (_, _) => true);

    private static Causality Inclusion(SortedSet<(int, int)> mine, SortedSet<(int, int)> theirs) => (mine.IsSupersetOf(theirs), mine.IsSubsetOf(theirs)) switch
    {
        (true, true) => Causality.Equal,
        (true, false) => Causality.After,
        (false, true) => Causality.Before,
        _ => Causality.Concurrent,
    };
}
