namespace Swim.Node.Http;

/// <summary>A request that HTTP itself has an answer for, before any service is asked.</summary>
internal sealed class HttpRefusal(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>As <see cref="V1.Error.Code"/>.</summary>
    public string Code => code;
}
