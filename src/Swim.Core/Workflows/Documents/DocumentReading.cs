using System.Diagnostics.CodeAnalysis;

namespace Swim.Core.Workflows.Documents;

/// <summary>What reading bytes gave: a tree or the first error that stopped it. Exactly one of the two is set.</summary>
public sealed record DocumentReading
{
    /// <summary>The document did read.</summary>
    public DocumentReading(DocumentNode root) => Root = root;

    /// <summary>The document did not read.</summary>
    public DocumentReading(DocumentError error) => Error = error;

    /// <summary>The tree, if the document did read.</summary>
    public DocumentNode? Root { get; }

    /// <summary>Why it did not.</summary>
    public DocumentError? Error { get; }

    /// <summary>True with the tree if the document did read; else false with the error.</summary>
    public bool TryGet([NotNullWhen(true)] out DocumentNode? root, [NotNullWhen(false)] out DocumentError? error)
    {
        (root, error) = (Root, Error);
        return root is not null;
    }
}
