using System.Diagnostics.CodeAnalysis;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows;

/// <summary>What reading a document gave: a definition, or at least one error.</summary>
public sealed record WorkflowReading
{
    /// <summary>The document is a workflow.</summary>
    public WorkflowReading(WorkflowDefinition definition) => Definition = definition;

    /// <summary>The document is not one; <paramref name="errors"/> is not empty.</summary>
    public WorkflowReading(IReadOnlyList<DocumentError> errors) => Errors = errors;

    /// <summary>The workflow, if there are no errors.</summary>
    public WorkflowDefinition? Definition { get; }

    /// <summary>In the document's order as far as possible; at most <see cref="ReaderOptions.ErrorsMax"/>.</summary>
    public IReadOnlyList<DocumentError> Errors { get; } = [];

    /// <summary>True with the definition; else false, and <see cref="Errors"/> says why.</summary>
    public bool TryGet([NotNullWhen(true)] out WorkflowDefinition? definition)
    {
        definition = Definition;
        return definition is not null;
    }
}
