namespace Swim.Cli.Output;

/// <summary>The name of an enum value as the .proto file and the documentation write it, without the enum's prefix.</summary>
public static class StateWord
{
    /// <summary><c>RETRY_WAIT</c> for <c>RetryWait</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
