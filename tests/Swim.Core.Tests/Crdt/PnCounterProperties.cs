using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Crdt;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class PnCounterProperties() : LatticeLaws<PnCounter>(Lattice)
{
    private static readonly Lattice<PnCounter> Lattice = new(
        () => new PnCounter(),
        (left, right) => { var joined = left.Clone(); joined.Merge(right); return joined; },
        (state, step, _) => { var after = state.Clone(); return (after, after.Add((ulong)step.Replica, AmountOf(step))); },
        state => Encoding.Of((ref MessagePackWriter writer) => state.Write(ref writer)),
        bytes => Encoding.Read(bytes, (ref MessagePackReader reader) => PnCounter.Read(ref reader)),
        (left, right) => left.SameAs(right));

    [Property]
    public bool The_value_of_all_is_the_sum_of_every_operation_once(History history)
    {
        var run = Run<PnCounter>.Of(Lattice, history);
        var sum = history.Steps.Where(static step => step.Kind is StepKind.Add or StepKind.Remove).Sum(AmountOf);
        return run.Replicas.Aggregate(Lattice.Bottom(), Lattice.Join).Value == sum;
    }

    [Property]
    public bool A_delta_carries_the_totals_of_its_actor_only(History history) =>
        Run<PnCounter>.Of(Lattice, history).Mutations.All(static mutation =>
            mutation.After.SameAs(mutation.Before) == mutation.Delta.SameAs(new PnCounter()) && Actors(mutation.Delta) <= 1);

    private static int Actors(PnCounter counter) =>
        Encoding.Read(Encoding.Of((ref MessagePackWriter writer) => counter.Write(ref writer)), (ref MessagePackReader reader) =>
        {
            var fields = reader.ReadArrayHeader();
            for (var left = fields; left > 0; left--) reader.Skip();
            return fields / 3;
        });

    private static long AmountOf(Step step) => step.Kind == StepKind.Add ? step.Choice : -step.Choice;
}
