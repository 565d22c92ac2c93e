using System.Text.Json.Nodes;

namespace Swim.Core.Workflows;

/// <summary>How strictly a <see cref="WorkflowReader"/> looks at a document.</summary>
public sealed record ReaderOptions
{
    /// <summary>For documents that another node has accepted: what is switched off here may still be in them.</summary>
    public static readonly ReaderOptions Accepted = new() { AllowShell = true, RetentionAbove = TimeSpan.Zero };

    /// <summary>Whether <c>shell:exec</c> may stand in a document: some node runs it. Default false.</summary>
    public bool AllowShell { get; init; }

    /// <summary>What <c>$INPUT</c> will stand for, so that a path it does not have is found at once; null where that is not known.</summary>
    public RunInput? Input { get; init; }

    /// <summary>
    /// What a workflow's <c>retention</c> must be longer than: twice the grace of the cluster that is to run it. Zero for documents that
    /// were accepted. Default 48 h.
    /// </summary>
    public TimeSpan RetentionAbove { get; init; } = 2 * new Replication.ForgettingOptions().Grace;

    /// <summary>Errors after which reading stops. Default 20; at least 1.</summary>
    public int ErrorsMax { get; init; } = 20;
}

/// <summary>The input of one run.</summary>
/// <param name="IsGiven">False where the submission came without one.</param>
/// <param name="Value">The value; null may also be a JSON null that was given.</param>
public sealed record RunInput(bool IsGiven, JsonNode? Value);
