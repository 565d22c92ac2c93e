namespace Swim.Core.Workflows;

/// <summary>Bounds of a workflow and of what its tasks exchange.</summary>
public static class WorkflowLimits
{
    /// <summary>Largest canonical definition, in bytes, until definitions travel in chunks.</summary>
    public const int DefinitionBytesMax = 60 * 1024;

    /// <summary>Largest canonical result of a task, in bytes, until results travel in chunks.</summary>
    public const int ResultBytesMax = 60 * 1024;

    /// <summary>Largest arguments of a task, in bytes, after the outputs it refers to are put in; fits a peer frame.</summary>
    public const int ArgumentsBytesMax = 512 * 1024;

    /// <summary>Tasks in a definition.</summary>
    public const int TasksMax = 100_000;

    /// <summary>Dependencies in a definition, named and inferred.</summary>
    public const int EdgesMax = 1_000_000;

    /// <summary>Characters of a task id.</summary>
    public const int TaskIdLengthMax = 128;

    /// <summary>Characters of a workflow's name.</summary>
    public const int NameLengthMax = 128;

    /// <summary>Attempts that a retry policy may ask for.</summary>
    public const int AttemptsMax = 1_000;

    /// <summary>Longest timeout of an attempt, and longest <c>builtin:delay</c>: 7 days.</summary>
    public static readonly TimeSpan TimeoutMax = TimeSpan.FromDays(7);

    /// <summary>Longest wait before a retry: 1 day.</summary>
    public static readonly TimeSpan BackoffMax = TimeSpan.FromDays(1);
}
