using System.Globalization;
using System.Text;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Reading;

/// <summary>
/// The known fields of one object of the language. Field names are snake_case; their camelCase spelling is the same field.
/// A field that is null counts as left out. Whatever is unknown, doubled or of the wrong type is reported to the context.
/// </summary>
internal sealed class ObjectFields
{
    private readonly Dictionary<string, PlacedNode> _fields = new(StringComparer.Ordinal);
    private readonly ReadingContext _context;

    private ObjectFields(ReadingContext context, PlacedNode place) => (_context, Place) = (context, place);

    /// <summary>The object itself.</summary>
    public PlacedNode Place { get; }

    /// <summary>The fields of <paramref name="place"/>; null after reporting when it is not an object. <paramref name="what"/> names it in messages.</summary>
    public static ObjectFields? Of(ReadingContext context, PlacedNode place, string what, IReadOnlyList<string> known)
    {
        if (place.Kind != DocumentKind.Map)
        {
            context.Invalid(place, $"{what} must be an object, and this is {place.Node.Describe()}: write it as fields.");
            return null;
        }
        var fields = new ObjectFields(context, place);
        foreach (var member in place.Node.Members) fields.Add(member, what, known);
        return fields;
    }

    /// <summary>The field, unless it is left out.</summary>
    public bool TryGet(string name, out PlacedNode field) => _fields.TryGetValue(name, out field) && field.Kind != DocumentKind.Null;

    /// <summary>As <see cref="TryGet"/>, where null is a value too.</summary>
    public bool TryGetEvenNull(string name, out PlacedNode field) => _fields.TryGetValue(name, out field);

    /// <summary>A string; null when left out or wrong.</summary>
    public string? Text(string name)
    {
        if (!TryGet(name, out var field)) return null;
        if (field.Kind == DocumentKind.Text) return field.Node.Value;
        _context.Invalid(field, $"'{name}' must be a string, and this is {field.Node.Describe()}: put it in quotes.");
        return null;
    }

    /// <summary>A boolean; null when left out or wrong.</summary>
    public bool? Boolean(string name)
    {
        if (!TryGet(name, out var field)) return null;
        if (field.Kind == DocumentKind.Boolean) return field.Node.IsTrue;
        _context.Invalid(field, $"'{name}' must be true or false, and this is {field.Node.Describe()}: write true or false without quotes.");
        return null;
    }

    /// <summary>A whole number between the bounds; null when left out or wrong.</summary>
    public long? Integer(string name, long min, long max)
    {
        if (!TryGet(name, out var field)) return null;
        if (field.Kind == DocumentKind.Number && JsonNumber.TryParse(field.Node.Value, out var number)
            && number.TryGetInt64(out var value) && value >= min && value <= max) return value;
        var found = field.Kind == DocumentKind.Number ? DocumentPath.Shorten(field.Node.Value) : field.Node.Describe();
        _context.Invalid(field, $"'{name}' must be a whole number from {min} to {max}, and this is {found}: correct it.");
        return null;
    }

    /// <summary>A time in milliseconds; null when left out or wrong.</summary>
    public TimeSpan? Milliseconds(string name, long min, TimeSpan max) =>
        Integer(name, min, (long)max.TotalMilliseconds) is { } value ? TimeSpan.FromMilliseconds(value) : null;

    /// <summary>A part of the language that this version does not run: only its default, if it has one, may stand there.</summary>
    public void OnlyDefault(string name, string? defaultText)
    {
        if (!TryGet(name, out var field)) return;
        var text = field.Kind == DocumentKind.Boolean ? field.Node.IsTrue ? "true" : "false" : field.Node.Value;
        if (defaultText is not null && text == defaultText) return;
        _context.Unimplemented(field, defaultText is null ? $"'{name}'" : $"'{name}' other than '{defaultText}'");
    }

    private void Add(DocumentMember member, string what, IReadOnlyList<string> known)
    {
        var name = known.Contains(member.Name) ? member.Name : ToSnakeCase(member.Name);
        if (!known.Contains(name))
            _context.Invalid(Place.NameOf(member), $"{what} has no field '{DocumentPath.Shorten(member.Name)}'.{Hint(name, known)}");
        else if (!_fields.TryAdd(name, Place.Member(member)))
            _context.Invalid(Place.NameOf(member), $"'{DocumentPath.Shorten(member.Name)}' is another spelling of '{name}', which stands here already: remove one.");
    }

    private static string Hint(string wrong, IReadOnlyList<string> known) =>
        NearestName.Suggest(wrong, known) is { Length: > 0 } meant ? meant : $" Remove it; the fields are {string.Join(", ", known)}.";

    private static string ToSnakeCase(string name)
    {
        if (name.Length is 0 or > 64 || !char.IsAsciiLetterLower(name[0])) return name;
        var snake = new StringBuilder(name.Length + 4);
        foreach (var unit in name)
        {
            if (char.IsAsciiLetterUpper(unit)) snake.Append('_').Append(char.ToLower(unit, CultureInfo.InvariantCulture));
            else snake.Append(unit);
        }
        return snake.ToString();
    }
}
