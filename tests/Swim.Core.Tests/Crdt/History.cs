using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Swim.Core.Tests.Crdt;

/// <summary>What one step of a history does.</summary>
public enum StepKind
{
    /// <summary>A replica adds or writes an element.</summary>
    Add,

    /// <summary>A replica removes an element, where the type can.</summary>
    Remove,

    /// <summary>A replica merges the whole state of another.</summary>
    MergeState,

    /// <summary>A replica merges one earlier delta, whoever made it and whether or not it had it: late, doubled, out of order.</summary>
    MergeDelta,
}

/// <summary>One step; <paramref name="Choice"/> picks the element, the other replica or the delta, modulo how many there are.</summary>
public readonly record struct Step(StepKind Kind, int Replica, int Choice)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}({Replica},{Choice})");
}

/// <summary>
/// A schedule of operations on three replicas. Few elements, few actors and many re-adds: that is what found a merge that was not
/// commutative in a well-known library.
/// </summary>
public sealed record History(IReadOnlyList<Step> Steps)
{
    /// <summary>Replicas of every history, each with an actor of its own.</summary>
    public const int Replicas = 3;

    /// <summary>Distinct elements.</summary>
    public const int Elements = 3;

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Steps);
}

/// <summary>Generates and shrinks histories; named by <c>[Properties(Arbitrary = …)]</c>.</summary>
public static class Histories
{
    private static readonly Gen<Step> Steps =
        from kind in Gen.Frequency(
            (4, Gen.Constant(StepKind.Add)), (3, Gen.Constant(StepKind.Remove)),
            (2, Gen.Constant(StepKind.MergeState)), (4, Gen.Constant(StepKind.MergeDelta)))
        from replica in Gen.Choose(0, History.Replicas - 1)
        from choice in Gen.Choose(0, 11)
        select new Step(kind, replica, choice);

    /// <summary>Shrinks by leaving steps out: halves first, then one by one.</summary>
    public static Arbitrary<History> Arbitrary() => Arb.From(
        from steps in Steps.ListOf()
        select new History([.. steps]), Shrink);

    private static IEnumerable<History> Shrink(History history)
    {
        var steps = history.Steps;
        if (steps.Count > 3)
        {
            yield return new History([.. steps.Take(steps.Count / 2)]);
            yield return new History([.. steps.Skip(steps.Count / 2)]);
        }

        for (var left = 0; left < steps.Count; left++) yield return new History([.. steps.Where((_, index) => index != left)]);
    }
}
