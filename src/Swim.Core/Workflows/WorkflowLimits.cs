namespace Swim.Core.Workflows;

/// <summary>Bounds of a workflow and of what its tasks exchange.</summary>
public static class WorkflowLimits
{
    /// <summary>Largest canonical definition together with the run's input, in bytes.</summary>
    public const int DefinitionBytesMax = 16 * 1024 * 1024;

    /// <summary>Largest canonical result of a task, in bytes: an answer that shows it stays under the 4 MiB that stock clients take.</summary>
    public const int ResultBytesMax = 2 * 1024 * 1024;

    /// <summary>Largest arguments of a task, and largest output of a workflow, in bytes, after the outputs referred to are put in.</summary>
    public const int ArgumentsBytesMax = 2 * 1024 * 1024;

    /// <summary>Tasks in a definition.</summary>
    public const int TasksMax = 100_000;

    /// <summary>Dependencies in a definition, named and inferred.</summary>
    public const int EdgesMax = 1_000_000;

    /// <summary>Other tasks whose outputs the arguments of one task may refer to: what an attempt was given is kept in one cell.</summary>
    public const int InputsMax = 2_000;

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
