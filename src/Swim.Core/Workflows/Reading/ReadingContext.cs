using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Reading;

/// <summary>The options of one reading and the errors found so far.</summary>
internal sealed class ReadingContext(ReaderOptions options)
{
    private readonly List<DocumentError> _errors = [];

    public ReaderOptions Options { get; } = options;

    public IReadOnlyList<DocumentError> Errors => _errors;

    /// <summary>True when no further error would be kept, so looking on is a waste.</summary>
    public bool IsFull => _errors.Count >= Options.ErrorsMax;

    public void Invalid(PlacedNode at, string message) => Report(DocumentErrorCode.InvalidArgument, at, message);

    public void Unimplemented(PlacedNode at, string what) =>
        Report(DocumentErrorCode.Unimplemented, at, $"{what} is not supported by this version: leave it out.");

    public void Report(string code, PlacedNode at, string message)
    {
        if (!IsFull) _errors.Add(new DocumentError(code, message, at.Line, at.Column, at.Path));
    }
}

/// <summary>A value and the way to it from the root.</summary>
internal readonly record struct PlacedNode(DocumentNode Node, string Path, int Line, int Column)
{
    public PlacedNode(DocumentNode node, string path)
        : this(node, path, node.Line, node.Column)
    {
    }

    public DocumentKind Kind => Node.Kind;

    public PlacedNode Item(int index) => new(Node.Items[index], $"{Path}[{index}]");

    public PlacedNode Member(DocumentMember member) => new(member.Value, Path + DocumentPath.Member(member.Name));

    /// <summary>The same place, pointing at the member's name instead of its value.</summary>
    public PlacedNode NameOf(DocumentMember member) => new(member.Value, Path + DocumentPath.Member(member.Name), member.Line, member.Column);
}
