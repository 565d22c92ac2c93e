using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Reading;

/// <summary>Finds every <c>$OUTPUT[...]</c> in the strings of a value and reports the malformed ones. Names of members are not looked at.</summary>
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
        if (!OutputTemplate.IsIn(place.Node.Value)) return;
        if (OutputTemplate.Parse(place.Node.Value, out var fault) is not { } template)
        {
            context.Invalid(place, $"This is not a valid reference: {fault}. Write $OUTPUT[task].name[0], or {OutputReference.EscapedMarker} where the text itself is meant.");
            return;
        }
        found.AddRange(template.References.Select(reference => new TaskWait(reference.Task, place, IsReference: true)));
    }
}
