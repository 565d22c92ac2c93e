using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Crdt;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class OrSetProperties() : LatticeLaws<OrSet<string>>(Lattice)
{
    private static readonly string[] Elements = ["", "a", "ä"];

    private static readonly Lattice<OrSet<string>> Lattice = new(
        () => new OrSet<string>(ElementFormat.Text),
        (left, right) => { var joined = left.Clone(); joined.Merge(right); return joined; },
        (state, step, _) => { var after = state.Clone(); return (after, Mutate(after, step)); },
        state => Encoding.Of((ref MessagePackWriter writer) => state.Write(ref writer)),
        bytes => Encoding.Read(bytes, (ref MessagePackReader reader) => OrSet.Read(ref reader, ElementFormat.Text)),
        (left, right) => left.SameAs(right));

    [Property]
    public bool An_element_is_present_exactly_when_it_has_a_dot(History history) => Run<OrSet<string>>.Of(Lattice, history).States.All(state =>
        Elements.All(element => state.Contains(element) == (state.DotsOf(element).Count > 0) && state.Contains(element) == state.Elements.Contains(element))
        && Elements.All(element => state.DotsOf(element).All(state.Context.Contains)));

    // What sync by context rests on: who has seen the same writes has the same state, so there is nothing left to ask for.
    [Property]
    public bool Equal_contexts_mean_equal_states(History history)
    {
        var states = Run<OrSet<string>>.Of(Lattice, history).States;
        return states.All(state => states.All(other => state.Context.SameAs(other.Context) == Lattice.AreEqual(state, other)));
    }

    [Property]
    public bool Merge_says_whether_it_changed_anything(History history)
    {
        var states = Run<OrSet<string>>.Of(Lattice, history).States;
        return states.All(state => states.All(other =>
        {
            var joined = state.Clone();
            return joined.Merge(other) != Lattice.AreEqual(joined, state);
        }));
    }

    private static OrSet<string> Mutate(OrSet<string> set, Step step)
    {
        var (element, actor) = (Elements[step.Choice % History.Elements], (ulong)step.Replica + 1);
        return step.Kind == StepKind.Add ? set.Add(element, actor) : set.Remove(element, actor);
    }
}
