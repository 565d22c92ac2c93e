using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Reading;

/// <summary>Finds every <c>$OUTPUT[...]</c> in the strings of a value and reports the malformed ones, and those into an input that has no such place. Names of members are not looked at.</summary>
internal static class ReferenceScan
{
    public static void Collect(ReadingContext context, PlacedNode place, List<TaskWait> found)
    {
        if (context.IsFull) return;
        if (place.Kind == DocumentKind.Text) CollectText(context, place, found);
        for (var i = 0; i < place.Node.Items.Count; i++) Collect(context, place.Item(i), found);
        foreach (var member in place.Node.Members) Collect(context, place.Member(member), found);
    }

    private static void CollectText(ReadingContext context, PlacedNode place, List<TaskWait> found)
    {
        if (!ValueTemplate.IsIn(place.Node.Value)) return;
        if (ValueTemplate.Parse(place.Node.Value, out var fault) is not { } template)
        {
            context.Invalid(place, $"This is not a valid reference: {fault}. Write $OUTPUT[task].name[0] or $INPUT.name[0], with $$ where the text itself is meant.");
            return;
        }
        foreach (var reference in template.References.Where(static reference => reference.IsInput)) CheckInput(context, place, reference);
        found.AddRange(template.References.Where(static reference => !reference.IsInput).Select(reference => new TaskWait(reference.Task, place, IsReference: true)));
    }

    private static void CheckInput(ReadingContext context, PlacedNode place, ValueReference reference)
    {
        if (context.Options.Input is not { } input) return;
        if (!input.IsGiven) context.Invalid(place, $"{reference} needs an input, and the submission has none: give one.");
        else if (!reference.TryFollow(input.Value, out _)) context.Invalid(place, $"The input has nothing at {DocumentPath.Shorten(reference.ToString())}: correct the path or the input.");
    }
}
