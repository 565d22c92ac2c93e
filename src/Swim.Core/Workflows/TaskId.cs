namespace Swim.Core.Workflows;

/// <summary>What may name a task within its workflow.</summary>
public static class TaskId
{
    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "1 to 128 of the characters A-Z a-z 0-9 _ - .";

    /// <summary>True when <paramref name="id"/> keeps the <see cref="Rule"/>.</summary>
    public static bool IsValid(string id) =>
        id.Length is > 0 and <= WorkflowLimits.TaskIdLengthMax && id.All(unit => char.IsAsciiLetterOrDigit(unit) || unit is '_' or '-' or '.');
}
